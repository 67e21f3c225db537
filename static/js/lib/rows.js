// @ts-check
// Lists that are walked with j/k and the arrow keys: one row is in the tab order, the focus moves.
// A live update may replace rows; which row is current is remembered by its id.

import { isPressed, isTyping } from "./keys.js";

const ROW = "[data-row]";
const STEPS = ["row-next", "row-before", "list-first", "list-second"];

/** @param {Element} within @returns {HTMLElement[]} */
function rowsIn(within) {
  const rows = /** @type {HTMLElement[]} */ ([...within.querySelectorAll(ROW)]);
  return rows.filter((row) => !row.closest("[hidden]") && row.closest("[data-row-group]") === within);
}

/** The row of each group that is in the tab order. @type {WeakMap<Element, HTMLElement>} */
const stops = new WeakMap();

/** Keep exactly one row of the group in the tab order. @param {Element} group @param {HTMLElement} [current] */
function mark(group, current) {
  const rows = rowsIn(group);
  const last = group.getAttribute("data-current-row");
  const chosen = current ?? rows.find((row) => row.id === last) ?? rows[0];
  for (const row of rows) if (row !== chosen && row.tabIndex !== -1) row.tabIndex = -1;
  if (chosen) {
    chosen.tabIndex = 0;
    stops.set(group, chosen);
  }
  if (current) group.setAttribute("data-current-row", current.id);
}

/** @param {KeyboardEvent} event */
function walk(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const target = event.target instanceof Element ? event.target : null;
  if (document.querySelector("dialog[open]")) return;
  const focused = target?.closest(ROW);
  const step = STEPS.find((name) => isPressed(name, event)) ?? (focused ? event.key : "");
  const group = focused?.closest("[data-row-group]") ?? document.querySelector("[data-row-group]");
  if (!group) return;
  const rows = rowsIn(group);
  const to = destination(step, rows, /** @type {HTMLElement | null} */ (focused ?? null), group);
  if (!to) return;
  event.preventDefault();
  to.focus();
}

/** @param {string} step @param {HTMLElement[]} rows @param {HTMLElement | null} focused @param {Element} group */
function destination(step, rows, focused, group) {
  const at = focused ? rows.indexOf(focused) : -1;
  if (step === "row-next" || step === "ArrowDown") {
    return at < 0 ? (rows.find((row) => row.id === group.getAttribute("data-current-row")) ?? rows[0]) : rows[at + 1];
  }
  if (step === "row-before" || step === "ArrowUp") return at < 0 ? rows.at(-1) : rows[at - 1];
  if (step === "Home") return rows[0];
  if (step === "End") return rows.at(-1);
  if (step === "list-first" || step === "list-second") {
    const lists = group.querySelectorAll("[data-feed-list]");
    const list = step === "list-first" ? lists[0] : lists[1];
    return /** @type {HTMLElement | null} */ (list?.querySelector(ROW) ?? null);
  }
  return undefined;
}

/** @param {Element} group */
export function rowGroup(group) {
  group.addEventListener("focusin", (event) => {
    const row = event.target instanceof Element ? event.target.closest(ROW) : null;
    if (row instanceof HTMLElement) mark(group, row);
  });
  group.addEventListener("rows:filtered", () => mark(group));
  // rows come without a place in the tab order: as long as the one that has it stays, nothing is to be done
  const changed = new MutationObserver(() => stops.get(group)?.isConnected || mark(group));
  for (const list of group.querySelectorAll("[data-feed-list]")) changed.observe(list, { childList: true });
  mark(group);
}

document.addEventListener("keydown", walk);
