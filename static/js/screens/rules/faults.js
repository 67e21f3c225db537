// @ts-check
// What is wrong with a row, told at the fields that it concerns.

/** @typedef {import("./talk.js").Fault} Fault */

/** How the reader of the table calls some columns. @type {Record<string, string>} */
const SAME_AS = { "/id": "/code", "/hard": "/is_hard" };
let described = 0;

/** Faults at the places that they concern. @param {HTMLFormElement} form @param {Fault[]} faults */
export function showFaults(form, faults) {
  for (const place of form.querySelectorAll("[data-problem]")) place.textContent = "";
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  for (const fault of faults) {
    const place = placeOf(form, fault.pointer.replace(/^\/body/, ""));
    const problem = place.querySelector(":scope > [data-problem]") ?? place.querySelector("[data-problem]");
    if (problem) problem.textContent = fault.detail;
    const field = /** @type {HTMLElement | null} */ (place.matches("input, select, textarea") ? place : place.querySelector("input, select, textarea"));
    if (field && place !== form) {
      field.setAttribute("aria-invalid", "true");
      if (problem) {
        problem.id ||= `fault-${(described += 1)}`;
        field.setAttribute("aria-describedby", problem.id);
      }
    }
  }
}

/** A fault with the name of its field: "Because, in Spanish must be a sentence". @param {HTMLFormElement} form @param {Fault} fault */
export function inWords(form, fault) {
  const group = placeOf(form, fault.pointer.replace(/^\/body/, "")).closest(".field, fieldset");
  const name = group?.querySelector("label, legend")?.textContent?.trim().split(/\s{2,}|\n/)[0];
  const says = fault.detail;
  return name ? `“${name}” ${says}` : says;
}

/** The element that a pointer names, or the nearest around it. @param {HTMLFormElement} form @param {string} pointer @returns {HTMLElement} */
function placeOf(form, pointer) {
  let at = SAME_AS[pointer] ?? pointer;
  while (at) {
    const found = form.querySelector(`[data-pointer="${CSS.escape(at)}"]`);
    if (found instanceof HTMLElement) return found;
    at = at.slice(0, at.lastIndexOf("/"));
  }
  return form;
}

