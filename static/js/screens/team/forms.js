// @ts-check
// The forms of a team's phone. What is typed is kept in this browser, encrypted, until the server has it;
// a form that was refused opens again as it was, with the reasons beside its fields.

import { keepDraft, readDraft } from "../../lib/drafts.js";

/** @typedef {import("./presses.js").Presses} Presses */
/** @typedef {import("../../lib/outbox.js").Problems} Problems */

export class Forms {
  /** @type {Map<string, Problems>} by path */
  refused = new Map();

  /** @param {string} user @param {string} code */
  constructor(user, code) {
    this.name = `form.${user}.${code}.`;
    document.addEventListener("click", (event) => {
      const target = event.target instanceof Element ? event.target : null;
      const button = target?.closest("[data-form]");
      if (button instanceof HTMLElement && button.getAttribute("aria-busy") !== "true") void this.open(button);
      if (target?.closest("[data-neighbor-search]")) void findNeighbor(code);
    });
  }

  /** Where what they say goes. @param {Presses} presses */
  attach(presses) {
    for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-kept]"))) {
      const path = () => dialogOf(form).dataset.path ?? "";
      form.addEventListener("input", () => {
        count(form);
        void keepDraft(this.name + path(), collect(form)).catch(() => {});
      });
      form.addEventListener("submit", (event) => {
        const problems = faults(form);
        showProblems(form, problems);
        if (Object.keys(problems).length) {
          event.preventDefault();
          return;
        }
        const values = collect(form);
        void keepDraft(this.name + path(), values).catch(() => {});
        presses.go(path(), form.dataset.words ?? "", values);
      });
    }
    const search = document.querySelector("[data-neighbor-words]");
    search?.addEventListener("keydown", (event) => {
      if (/** @type {KeyboardEvent} */ (event).key !== "Enter") return;
      event.preventDefault();
      void findNeighbor(presses.code);
    });
  }

  /** @param {HTMLElement} button */
  async open(button) {
    const dialog = /** @type {HTMLDialogElement} */ (document.getElementById(button.dataset.form ?? ""));
    const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
    const { path = "", backups = "" } = button.dataset;
    dialog.dataset.path = path;
    form.reset();
    document.getElementById("neighbors")?.replaceChildren();
    const kept = await readDraft(this.name + path).catch(() => null);
    if (kept) fill(form, kept);
    count(form);
    showProblems(form, this.refused.get(path) ?? {});
    const place = form.querySelector("[data-backups]");
    if (place) place.textContent = backups;
    if (!dialog.open) dialog.showModal();
  }

  /** The server has what the form of this path said. @param {string} path */
  done(path) {
    this.refused.delete(path);
    void keepDraft(this.name + path, null).catch(() => {});
  }

  /** @param {string} path @param {Problems} problems */
  refuse(path, problems) {
    this.refused.set(path, problems);
  }
}

/** A field with several ticks is its codes with blanks between. @param {HTMLFormElement} form @returns {Record<string, string>} */
function collect(form) {
  /** @type {Record<string, string>} */
  const values = {};
  for (const [name, value] of new FormData(form)) {
    values[name] = name in values ? `${values[name]} ${value}` : String(value);
  }
  return values;
}

/** @param {HTMLFormElement} form @param {Record<string, string>} values */
function fill(form, values) {
  for (const field of form.elements) {
    if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement)) continue;
    const value = values[field.name] ?? "";
    if (field instanceof HTMLInputElement && field.type === "radio") field.checked = field.value === value;
    else if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = value.split(" ").includes(field.value);
    else if (field.name) field.value = value;
  }
}

/** What the server would refuse: better said while the form is open. @param {HTMLFormElement} form @returns {Problems} */
function faults(form) {
  const values = collect(form);
  /** @type {Problems} */
  const found = {};
  if (form.dataset.kept === "clear") {
    for (const name of ["outcome", "felt_safe"]) if (!values[name]) found[name] = "choose one";
    if (values.consent === "yes" && !values.by_call && !values.by_text) found.by_call = "choose call or text";
  }
  if (form.dataset.kept === "contact" && !values.location_text?.trim()) found.location_text = "say where you are";
  return found;
}

/** @param {HTMLFormElement} form @param {Problems} problems */
function showProblems(form, problems) {
  const left = { ...problems };
  let first = null;
  for (const place of form.querySelectorAll("[data-problem]")) {
    const name = place.getAttribute("data-problem") ?? "";
    place.textContent = left[name] ?? "";
    if (left[name]) first ??= place.closest("fieldset, .field, div")?.querySelector("input, select, textarea");
    delete left[name];
  }
  const rest = form.querySelector("[data-problem-rest]");
  if (rest) rest.textContent = Object.values(left).join("; ");
  if (first instanceof HTMLElement) first.focus();
}

/** @param {HTMLFormElement} form */
function count(form) {
  const place = form.querySelector("[data-ticked]");
  const ticked = form.querySelectorAll(".team-more input:checked").length;
  if (place) place.textContent = ticked ? `(${ticked})` : "";
}

/** @param {HTMLFormElement} form */
function dialogOf(form) {
  return /** @type {HTMLDialogElement} */ (form.closest("dialog"));
}

/** @param {string} code */
async function findNeighbor(code) {
  const field = /** @type {HTMLInputElement} */ (document.querySelector("[data-neighbor-words]"));
  const place = /** @type {HTMLElement} */ (document.getElementById("neighbors"));
  const address = `/team/${code}/neighbors/?${new URLSearchParams({ q: field.value })}`;
  const answer = await fetch(address, { redirect: "manual", signal: AbortSignal.timeout(10_000) }).catch(() => null);
  if (answer?.ok) place.innerHTML = await answer.text();
  else place.textContent = "No names without a signal: begin now, the name can come later.";
}
