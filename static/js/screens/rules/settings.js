// @ts-check
// Switches, targets and the fallback chain: three forms, each checked while typed and saved as a whole.

import { showFaults } from "./faults.js";
import { proofStrip } from "./strip.js";
import { saving } from "./saving.js";
import { calmly, part, send, stamp } from "./talk.js";

/** @typedef {HTMLFormElement & {elements: HTMLFormControlsCollection}} Form */

const root = /** @type {HTMLElement} */ (document.querySelector("[data-editor]"));
const forms = /** @type {HTMLFormElement[]} */ ([...root.querySelectorAll("form[data-form]")]);
const isFrozen = "frozen" in root.dataset;
const save = saving(root, () => {});
/** The form that was typed in last. @type {HTMLFormElement | null} */
let typedIn = null;
/** @type {Map<HTMLFormElement, string>} */
const saved = new Map();

const prove = proofStrip(root, () => typedIn && edit(typedIn), () => typedIn?.querySelector("h2")?.textContent ?? "");
const check = calmly(150, async (signal) => {
  const form = typedIn;
  const wanted = form && edit(form);
  if (!form || !wanted) return;
  const { status, body } = await send(root.dataset.check ?? "", { edit: wanted }, signal);
  if (status === 200) told(form, body.faults);
});

/** What a form says, as an edit; none while it says what is saved. @param {HTMLFormElement} form */
function edit(form) {
  const read = form.dataset.form === "rule_set" ? settings(form) : { put: form.dataset.form, rows: rows(form) };
  return JSON.stringify(read) === saved.get(form) ? null : read;
}

/** @param {HTMLFormElement} form */
function settings(form) {
  const switches = Object.fromEntries(
    [.../** @type {NodeListOf<HTMLSelectElement>} */ (form.querySelectorAll("select[data-switch]"))].map((each) => [each.dataset.switch, each.value]),
  );
  const title = /** @type {HTMLInputElement} */ (part(form, "[name=title]")).value;
  const isSynthetic = /** @type {HTMLInputElement} */ (part(form, "[name=is_synthetic]")).checked;
  return { put: "rule_set", changes: { title, is_synthetic: isSynthetic, switches } };
}

/** @param {HTMLFormElement} form */
function rows(form) {
  return [...form.querySelectorAll("[data-row]")].map((row, at) => {
    /** @type {HTMLElement} */ (row).dataset.pointer = `/${at}`;
    return Object.fromEntries(fields(row).map((field) => [field.dataset.name, value(field)]));
  });
}

/** @param {HTMLInputElement} field */
function value(field) {
  if (!("number" in field.dataset)) return field.value;
  return /^\d+$/.test(field.value) ? Number(field.value) : field.value || null;
}

/** @param {Element} row @returns {HTMLInputElement[]} */
function fields(row) {
  return /** @type {HTMLInputElement[]} */ ([...row.querySelectorAll("[data-name]")]);
}

/** @param {HTMLFormElement} form @param {import("./talk.js").Fault[]} faults */
function told(form, faults) {
  showFaults(form, faults);
  const state = part(form, "[data-state]");
  state.dataset.tone = faults.length ? "late" : "ok";
  state.textContent = faults.length ? faults.map(words).join("; ") : edit(form) ? "Can be saved" : "";
}

/** @param {import("./talk.js").Fault} fault */
function words(fault) {
  const [, row] = /^\/(\d+)/.exec(fault.pointer) ?? [];
  return row === undefined ? `${fault.row} ${fault.detail}`.trim() : `Row ${Number(row) + 1}: ${fault.detail}`;
}

/** @param {HTMLFormElement} form */
async function saveForm(form) {
  const wanted = edit(form);
  if (!wanted) return;
  const { isSaved, status, body } = await save(wanted);
  if (isSaved) {
    remember(form);
    told(form, []);
    part(form, "[data-state]").textContent = body.said;
    prove(0);
  } else if (status === 422) {
    told(form, body.errors ?? []);
  }
}

/** @param {HTMLFormElement} form */
function remember(form) {
  saved.delete(form);
  saved.set(form, JSON.stringify(edit(form)));
}

/** @param {HTMLFormElement} form */
function changed(form) {
  typedIn = form;
  if (!edit(form)) told(form, []);
  check();
  prove();
}

for (const form of forms) {
  remember(form);
  if (isFrozen) for (const field of form.querySelectorAll("input, select")) field.setAttribute("disabled", "");
  form.addEventListener("input", () => changed(form));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    saveForm(form);
  });
  form.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const row = button?.closest("[data-row]");
    if (button?.matches("[data-more]")) {
      const made = stamp(form.dataset.form ?? "");
      part(form, "[data-list]").append(made);
      fields(made)[0].focus();
    } else if (button?.matches("[data-out]") && row) {
      (row.nextElementSibling ?? row.previousElementSibling)?.querySelector("input, select")?.focus();
      row.remove();
    } else if (button?.matches("[data-up]") && row?.previousElementSibling) {
      row.previousElementSibling.before(row);
      /** @type {HTMLElement} */ (button).focus();
    } else {
      return;
    }
    changed(form);
  });
}
addEventListener("beforeunload", (event) => {
  if (forms.some((form) => edit(form))) event.preventDefault();
});
prove(0);
root.dataset.ready = "";
