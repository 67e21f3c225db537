// @ts-check
// The example call beside the table: its answers from lists, kept in the address so that it can be shared.

import { part, send } from "./talk.js";

/** @typedef {{nature: string | null, answers: Record<string, string>, switches: Record<string, string>}} Call */

/**
 * @param {HTMLElement} root
 * @param {{changed: () => void, kept: () => void, isTyping: () => boolean}} doing `kept`: there is a scenario more to pass
 */
export function exampleCall(root, { changed, kept, isTyping }) {
  const form = /** @type {HTMLFormElement} */ (part(root, "[data-example]"));

  /** @param {Partial<Call>} call */
  function fill(call) {
    showCall(form, call);
    keepInAddress(form);
    changed();
  }

  async function keep() {
    const title = /** @type {HTMLInputElement} */ (part(form, "[data-keep-title]"));
    if (isTyping()) return told("", "Save the rule first: a scenario keeps what the saved table decides");
    const { status, body } = await send(root.dataset.keep ?? "", { title: title.value, example: readCall(form) });
    const isKept = status === 200;
    told(isKept ? body.said : "", isKept ? "" : (body.detail ?? "The console did not answer."));
    if (!isKept) return title.focus();
    title.value = "";
    kept();
  }

  /** @param {string} said @param {string} problem */
  function told(said, problem) {
    part(form, "[data-keep-said]").textContent = said;
    part(form, "[data-keep-problem]").textContent = problem;
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", (event) => {
    const chosen = event.target instanceof HTMLSelectElement ? event.target.selectedOptions[0]?.dataset.call : undefined;
    if (chosen) return fill(JSON.parse(chosen));
    keepInAddress(form);
    changed();
  });
  part(form, "[data-clear]").addEventListener("click", () => fill({}));
  form.querySelector("[data-keep-scenario]")?.addEventListener("click", keep);
  root.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("[data-open-call]") : null;
    if (!(link instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    fill(JSON.parse(link.dataset.openCall ?? "{}"));
    form.scrollIntoView({ block: "nearest" });
  });
  return { call: () => readCall(form) };
}

/** @param {HTMLFormElement} form @returns {Call} */
function readCall(form) {
  /** @type {Call} */
  const call = { nature: null, answers: {}, switches: {} };
  for (const field of fieldsOf(form)) {
    const { kind, name = "", plain } = field.dataset;
    if (kind === "nature") call.nature = field.value || null;
    else if (kind === "switch") call.switches[name] = field.value;
    else if (field.value) call.answers[name] = field.value;
    field.closest("[data-line]")?.toggleAttribute("data-given", field.value !== plain);
  }
  const count = Object.keys(call.answers).length;
  part(form, "[data-count]").textContent = count === 1 ? "1 answer" : `${count} answers`;
  return call;
}

/** Fill a call in; what it does not name is not asked. @param {HTMLFormElement} form @param {Partial<Call>} call */
function showCall(form, call) {
  for (const field of fieldsOf(form)) {
    const { kind, name = "", plain = "" } = field.dataset;
    const value = kind === "nature" ? call.nature : kind === "switch" ? call.switches?.[name] : call.answers?.[name];
    field.value = value ?? plain;
    if (field.selectedIndex < 0) field.value = plain;
  }
}

/** Nature, answers and switches that are not plain, as they are called. @param {HTMLFormElement} form */
function keepInAddress(form) {
  const address = new URL(location.href);
  address.search = "";
  for (const field of fieldsOf(form)) {
    if (field.value !== field.dataset.plain) address.searchParams.set(field.dataset.name ?? "", field.value);
  }
  history.replaceState(null, "", address);
}

/** @param {HTMLFormElement} form @returns {HTMLSelectElement[]} */
function fieldsOf(form) {
  return /** @type {HTMLSelectElement[]} */ ([...form.querySelectorAll("select[data-kind]")]);
}
