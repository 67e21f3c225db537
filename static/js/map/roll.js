// @ts-check
// The list beside the map: the same calls and teams as rows, for keyboard and screen reader.

import { ageOf } from "./ages.js";

/** @typedef {import("./points.js").CallPoint} CallPoint */
/** @typedef {import("./points.js").UnitPoint} UnitPoint */

export const MOST_ROWS = 100; // calls give way to teams

/** Make the list equal to these, in their order; the row that has the focus keeps it. @param {HTMLElement} list @param {CallPoint[]} calls @param {UnitPoint[]} units */
export function showRows(list, calls, units) {
  const teams = units.map(unitRow);
  const wanted = [...calls.map(callRow).slice(0, Math.max(0, MOST_ROWS - teams.length)), ...teams];
  const kept = new Map([...list.children].map((row) => [row.getAttribute("data-point"), row]));
  const rows = wanted.map((row) => reuse(kept.get(row.id), row));
  const focused = document.activeElement?.closest("[data-point]");
  const next = focused && list.contains(focused) && !rows.includes(focused) ? nextOf(focused, rows) : null;
  for (const old of [...list.children]) if (!rows.includes(/** @type {HTMLElement} */ (old))) old.remove();
  for (const [index, row] of rows.entries()) if (list.children[index] !== row) put(list, row, list.children[index]);
  if (next instanceof HTMLElement) next.focus({ preventScroll: true });
  list.closest("[data-row-group]")?.dispatchEvent(new Event("rows:filtered"));
}

/** @typedef {{id: string, href: string, mark: string, look: Record<string, string>, words: string}} Row */

/** @param {CallPoint} call @returns {Row} */
function callRow(call) {
  const level = call.level ? `level ${call.level}` : "level not known";
  return {
    id: call.id,
    href: `/calls/${call.number}/`,
    mark: call.level ? String(call.level) : "?",
    look: { class: "level", "data-level": call.level ? String(call.level) : "", "aria-label": level, role: "img" },
    words: `${call.number} ${call.words}${call.has_team ? ", a team is on it" : ""}`,
  };
}

/** @param {UnitPoint} unit @returns {Row} */
function unitRow(unit) {
  return {
    id: unit.id,
    href: unit.number ? `/calls/${unit.number}/` : "",
    mark: unit.letters,
    look: { class: "chip", "data-status": unit.status, "aria-label": unit.status.replaceAll("_", " "), role: "img" },
    words: [unit.code, unit.number, ageOf(unit).words].filter(Boolean).join(", "),
  };
}

/** @param {Element | undefined} old @param {Row} row @returns {HTMLElement} */
function reuse(old, row) {
  const item = old instanceof HTMLElement ? old : newItem(row.id);
  const link = /** @type {HTMLElement} */ (item.firstElementChild);
  const [mark, words] = /** @type {HTMLElement[]} */ ([...link.children]);
  if (row.href) set(link, "href", row.href);
  else link.removeAttribute("href");
  for (const [name, value] of Object.entries(row.look)) set(mark, name, value);
  if (mark.textContent !== row.mark) mark.textContent = row.mark;
  if (words.textContent !== row.words) words.textContent = row.words;
  return item;
}

/** @param {string} id */
function newItem(id) {
  const item = document.createElement("li");
  item.dataset.point = id;
  const link = document.createElement("a");
  link.className = "row map-row";
  link.id = `map-${id}`;
  link.tabIndex = -1;
  link.dataset.row = "";
  link.append(document.createElement("span"), document.createElement("span"));
  item.append(link);
  return item;
}

/** @param {HTMLElement} element @param {string} name @param {string} value */
function set(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** @param {HTMLElement} list @param {HTMLElement} row @param {Element | undefined} before */
function put(list, row, before) {
  const active = document.activeElement;
  list.insertBefore(row, before ?? null);
  if (active instanceof HTMLElement && row.contains(active)) active.focus({ preventScroll: true });
}

/** The first row after this one that stays, else the last. @param {Element} gone @param {HTMLElement[]} rows */
function nextOf(gone, rows) {
  let at = gone.nextElementSibling;
  while (at && !rows.includes(/** @type {HTMLElement} */ (at))) at = at.nextElementSibling;
  return (at ?? rows.at(-1))?.firstElementChild ?? null;
}
