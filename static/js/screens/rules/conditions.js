// @ts-check
// Conditions put together from lists: alternatives ("or"), each with conditions that must all hold ("and").

import { box, option } from "./dom.js";
import { part, stamp } from "./talk.js";

/** @typedef {{field: string, op: string, value?: string | string[]}} Condition */
/** @typedef {{name: string, label: string, title: string, group: string, operators: string[], values: [string, string][]}} Field */
/** @typedef {{fields: Field[], operators: Record<string, string>, routes: [string, string][], levels: number[]}} Vocabulary */

const MANY = ["in", "not_in"];
const NONE = ["asked", "not_asked"];
/** A list of more values than this scrolls. */
const LONG = 12;

/** @type {Vocabulary} */
export const vocabulary = JSON.parse(document.getElementById("vocabulary")?.textContent ?? "{}");
const fields = new Map(vocabulary.fields.map((field) => [field.name, field]));

/** Show conditions in their place. @param {HTMLElement} place @param {Condition[][]} when @param {boolean} knowsRoute the route is chosen already */
export function showWhen(place, when, knowsRoute) {
  place.dataset.when = knowsRoute ? "later" : "first";
  part(place, "[data-alternatives]").replaceChildren(...when.map((all) => alternative(place, all)));
  told(place);
}

/** The conditions of a place; every element learns the pointer under which a fault names it. @param {HTMLElement} place @param {string} pointer @returns {Condition[][]} */
export function readWhen(place, pointer) {
  place.dataset.pointer = pointer;
  return [...place.querySelectorAll("[data-alternative]")].map((branch, at) => {
    /** @type {HTMLElement} */ (branch).dataset.pointer = `${pointer}/${at}`;
    return [...branch.querySelectorAll("[data-condition]")].map((row, number) => {
      /** @type {HTMLElement} */ (row).dataset.pointer = `${pointer}/${at}/${number}`;
      return readCondition(/** @type {HTMLElement} */ (row));
    });
  });
}

/** @param {HTMLElement} place @param {Condition[]} all */
function alternative(place, all) {
  const branch = stamp("alternative");
  part(branch, "[data-conditions]").append(...all.map((one) => condition(place, one)));
  return branch;
}

/** @param {HTMLElement} place @param {Condition} one */
function condition(place, one) {
  const row = stamp("condition");
  const field = /** @type {HTMLSelectElement} */ (part(row, "[data-field]"));
  const groups = Map.groupBy(
    vocabulary.fields.filter((each) => each.name !== "route" || place.dataset.when === "later"),
    (each) => each.group,
  );
  for (const [name, members] of groups) {
    const group = document.createElement("optgroup");
    group.label = name;
    group.append(...members.map((each) => option(each.name, each.label)));
    field.append(group);
  }
  field.value = fields.has(one.field) ? one.field : vocabulary.fields[0].name;
  operators(row, one.op);
  values(row, one.value);
  row.dataset.written = JSON.stringify(one.value ?? null);
  return row;
}

/** The operators that fit the field. @param {HTMLElement} row @param {string} chosen */
function operators(row, chosen) {
  const field = fieldOf(row);
  const op = /** @type {HTMLSelectElement} */ (part(row, "[data-op]"));
  op.replaceChildren(...field.operators.map((name) => option(name, vocabulary.operators[name])));
  op.value = field.operators.includes(chosen) ? chosen : field.operators[0];
  part(row, "[data-field]").title = field.title;
}

/** A list for one value, boxes for several, nothing where none is taken. @param {HTMLElement} row @param {string | string[] | undefined} value */
function values(row, value) {
  const field = fieldOf(row);
  const op = /** @type {HTMLSelectElement} */ (part(row, "[data-op]")).value;
  const place = part(row, "[data-values]");
  const chosen = Array.isArray(value) ? value : value === undefined ? [] : [value];
  place.dataset.many = String(MANY.includes(op));
  place.dataset.long = String(MANY.includes(op) && field.values.length > LONG);
  if (NONE.includes(op)) {
    place.replaceChildren();
  } else if (MANY.includes(op)) {
    place.replaceChildren(...field.values.map(([name, label]) => box(name, label, chosen.includes(name))));
    if (field.values.length > LONG) chosenFirst(place);
  } else {
    const select = document.createElement("select");
    select.setAttribute("aria-label", "Value");
    select.append(...field.values.map(([name, label]) => option(name, label)));
    if (chosen.length && field.values.some(([name]) => name === chosen[0])) select.value = chosen[0];
    place.replaceChildren(select);
  }
}

/** What is chosen of a long list stands where it is seen. @param {HTMLElement} place */
function chosenFirst(place) {
  place.prepend(...[...place.children].filter((each) => each.querySelector("input:checked")));
}

/** @param {HTMLElement} row @returns {Condition} */
function readCondition(row) {
  const op = /** @type {HTMLSelectElement} */ (part(row, "[data-op]")).value;
  const field = fieldOf(row).name;
  if (NONE.includes(op)) return { field, op };
  const place = part(row, "[data-values]");
  if (!MANY.includes(op)) return { field, op, value: /** @type {HTMLSelectElement} */ (part(place, "select")).value };
  const boxes = /** @type {NodeListOf<HTMLInputElement>} */ (place.querySelectorAll("input:checked"));
  const chosen = [...boxes].map((each) => each.value);
  const written = /** @type {unknown} */ (JSON.parse(row.dataset.written ?? "null"));
  const kept = Array.isArray(written) ? written.filter((value) => chosen.includes(value)) : [];
  return { field, op, value: [...kept, ...chosen.filter((value) => !kept.includes(value))] };
}

/** @param {HTMLElement} row @returns {Field} */
function fieldOf(row) {
  const name = /** @type {HTMLSelectElement} */ (part(row, "[data-field]")).value;
  return /** @type {Field} */ (fields.get(name));
}

/** Whether there is a condition at all. @param {HTMLElement} place */
function told(place) {
  const isAlways = !place.querySelector("[data-alternative]");
  for (const element of place.querySelectorAll("[data-always]")) /** @type {HTMLElement} */ (element).hidden = !isAlways;
  for (const element of place.querySelectorAll("[data-sometimes]")) /** @type {HTMLElement} */ (element).hidden = isAlways;
}

/** The buttons and lists of all conditions below a form. @param {HTMLElement} form @param {() => void} changed */
export function conditionEditing(form, changed) {
  form.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button[data-does]") : null;
    const place = button?.closest("[data-when]");
    if (!(button instanceof HTMLElement) || !(place instanceof HTMLElement)) return;
    const focus = DOES[button.dataset.does ?? ""]?.(button, place);
    if (focus === undefined) return;
    told(place);
    focus?.focus();
    changed();
  });
  form.addEventListener("change", (event) => {
    const target = event.target instanceof HTMLElement ? event.target : null;
    const row = target?.closest("[data-condition]");
    if (!(row instanceof HTMLElement) || !target?.matches("[data-field], [data-op]")) return;
    const before = readCondition(row).value;
    operators(row, /** @type {HTMLSelectElement} */ (part(row, "[data-op]")).value);
    values(row, before);
    changed();
  });
}

/** What each button does, and where the focus goes then. @type {Record<string, (button: HTMLElement, place: HTMLElement) => HTMLElement | null>} */
const DOES = {
  "add-condition": (button, place) => {
    const row = condition(place, { field: "nature", op: "is" });
    part(/** @type {HTMLElement} */ (button.closest("[data-alternative]")), "[data-conditions]").append(row);
    return part(row, "[data-field]");
  },
  "add-alternative": (_, place) => {
    const branch = alternative(place, [{ field: "nature", op: "is" }]);
    part(place, "[data-alternatives]").append(branch);
    return part(branch, "[data-field]");
  },
  "remove-condition": (button) => {
    const row = /** @type {HTMLElement} */ (button.closest("[data-condition]"));
    const branch = /** @type {HTMLElement} */ (row.closest("[data-alternative]"));
    const place = /** @type {HTMLElement} */ (branch.closest("[data-when]"));
    const isLast = branch.querySelectorAll("[data-condition]").length === 1;
    (isLast ? branch : row).remove();
    return place.querySelector(isLast ? "[data-does='add-alternative']" : "[data-does='add-condition']");
  },
};
