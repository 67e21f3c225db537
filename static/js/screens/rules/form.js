// @ts-check
// A rule as a form: filled from its row, read back as a row.

import { conditionEditing, readWhen, showWhen, vocabulary } from "./conditions.js";
import { option } from "./dom.js";
import { part, stamp } from "./talk.js";

/** @typedef {Record<string, any>} Row */

/** The lists of a rule: how each entry is called in the row. @type {Record<string, string>} */
const LISTS = { routes: "route", adds: "unit", later_adds: "unit", level: "level", notes: "note" };

/** A form for a rule. @param {Row} row @param {() => void} changed called after every change @returns {HTMLFormElement} */
export function ruleForm(row, changed) {
  const form = /** @type {HTMLFormElement} */ (stamp("rule"));
  for (const element of plain(form)) {
    if (element instanceof HTMLInputElement && element.type === "checkbox") element.checked = Boolean(row[element.name]);
    else element.value = row[element.name] ?? "";
  }
  showWhen(part(form, "[data-part='when']"), row.body.when ?? [], false);
  for (const name of Object.keys(LISTS)) {
    const list = part(form, `[data-part="${name}"] [data-entries]`);
    list.replaceChildren(...entriesOf(row.body, name).map((entry) => entryFor(name, entry)));
  }
  form.addEventListener("input", changed);
  form.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button[data-does$='entry']") : null;
    if (!(button instanceof HTMLElement)) return;
    const list = /** @type {HTMLElement} */ (button.closest("[data-part]"));
    const focus = button.dataset.does === "add-entry" ? addEntry(list) : removeEntry(button, list);
    focus?.focus();
    changed();
  });
  conditionEditing(form, changed);
  readRule(form);
  return form;
}

/** The row as it is typed. @param {HTMLFormElement} form @returns {Row} */
export function readRule(form) {
  /** @type {Row} */
  const row = {};
  for (const element of plain(form)) {
    row[element.name] = element instanceof HTMLInputElement && element.type === "checkbox" ? element.checked : element.value;
  }
  /** @type {Row} */
  const body = { when: readWhen(part(form, "[data-part='when']"), "/when") };
  for (const name of Object.keys(LISTS)) {
    const entries = [...form.querySelectorAll(`[data-part="${name}"] [data-entry]`)].map((entry, at) =>
      readEntry(name, /** @type {HTMLElement} */ (entry), `/${name}/${at}`),
    );
    if (name === "level" && entries.length === 1 && !entries[0].when) body.level = entries[0].level;
    else if (entries.length || name === "routes" || name === "level") body[name] = entries;
  }
  return { ...row, body };
}

/** Fields with a name of their own. @param {HTMLFormElement} form @returns {(HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement)[]} */
function plain(form) {
  return [...form.querySelectorAll(":is(input, select, textarea)[name]")].map((element) => /** @type {HTMLInputElement} */ (element));
}

/** @param {Row} body @param {string} name @returns {Row[]} */
function entriesOf(body, name) {
  if (name !== "level") return body[name] ?? (name === "routes" ? [{ route: "DISPATCHER" }] : []);
  return Array.isArray(body.level) ? body.level : [{ level: body.level ?? 1 }];
}

/** @param {string} name @param {Row} entry */
function entryFor(name, entry) {
  const key = LISTS[name];
  const element = stamp(key === "note" ? "note" : "entry");
  if (key === "note") {
    for (const language of ["en", "es"]) /** @type {HTMLTextAreaElement} */ (part(element, `[data-language="${language}"]`)).value = entry[language];
  } else {
    const select = /** @type {HTMLSelectElement} */ (part(element, "[data-value]"));
    const known = key === "level" ? vocabulary.levels.map((level) => [String(level), `Level ${level}`]) : vocabulary.routes;
    select.append(...known.map(([value, label]) => option(value, label)));
    select.value = String(entry[key]);
    select.setAttribute("aria-label", key === "level" ? "Level" : key === "route" ? "Route" : "Unit");
  }
  showWhen(part(element, "[data-when]"), entry.when ?? [], name === "later_adds");
  return element;
}

/** @param {string} name @param {HTMLElement} element @param {string} pointer @returns {Row} */
function readEntry(name, element, pointer) {
  const key = LISTS[name];
  element.dataset.pointer = pointer;
  const when = readWhen(part(element, "[data-when]"), `${pointer}/when`);
  /** @type {Row} */
  const entry = {};
  if (key === "note") {
    for (const language of ["en", "es"]) {
      const text = /** @type {HTMLTextAreaElement} */ (part(element, `[data-language="${language}"]`));
      text.dataset.pointer = `${pointer}/${language}`;
      entry[language] = text.value;
    }
  } else {
    const value = /** @type {HTMLSelectElement} */ (part(element, "[data-value]")).value;
    entry[key] = key === "level" ? Number(value) : value;
  }
  return when.length ? { ...entry, when } : entry;
}

/** A choice that comes first, so that the last one stays without a condition. @param {HTMLElement} list */
function addEntry(list) {
  const name = list.dataset.part ?? "";
  const blank = { route: "CCD", unit: "CCD", level: 2, en: "", es: "" };
  const isChoice = name === "routes" || name === "level";
  const when = isChoice ? [[{ field: "nature", op: "is" }]] : [];
  const entry = entryFor(name, { ...blank, when });
  const entries = part(list, "[data-entries]");
  if (isChoice && entries.lastElementChild) entries.lastElementChild.before(entry);
  else entries.append(entry);
  return /** @type {HTMLElement} */ (part(entry, "select, textarea"));
}

/** @param {HTMLElement} button @param {HTMLElement} list */
function removeEntry(button, list) {
  button.closest("[data-entry]")?.remove();
  return /** @type {HTMLElement | null} */ (list.querySelector("[data-does='add-entry']"));
}
