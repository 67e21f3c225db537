// @ts-check
// Entries of lists and boxes to tick.

import { part, stamp } from "./talk.js";

/** @param {string} value @param {string} label */
export function option(value, label) {
  const element = document.createElement("option");
  element.value = value;
  element.textContent = label;
  return element;
}

/** @param {string} value @param {string} label @param {boolean} isChecked */
export function box(value, label, isChecked) {
  const element = stamp("value");
  const input = /** @type {HTMLInputElement} */ (part(element, "input"));
  input.value = value;
  input.checked = isChecked;
  part(element, "span").textContent = label;
  return element;
}
