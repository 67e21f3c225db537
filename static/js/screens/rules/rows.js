// @ts-check
// A table of rows in an order that the keyboard, two buttons and the mouse can change.

import { part } from "./talk.js";

/** @param {HTMLElement} table the <tbody> @returns {HTMLElement[]} */
export function rowsOf(table) {
  return /** @type {HTMLElement[]} */ ([...table.querySelectorAll("[data-code]")]);
}

/** @param {HTMLElement} table @param {string} code @returns {HTMLElement | undefined} */
export function rowOf(table, code) {
  return rowsOf(table).find((row) => row.dataset.code === code);
}

/**
 * @param {HTMLElement} table the <tbody>, whose rows come and go
 * @param {{open: (row: HTMLElement) => void, move: (row: HTMLElement, place: number) => Promise<void>}} doing
 */
export function ruleRows(table, doing) {
  let moving = Promise.resolve();

  table.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button[data-row-does]") : null;
    const row = button?.closest("[data-code]");
    if (!(button instanceof HTMLElement) || !(row instanceof HTMLElement)) return;
    if (button.dataset.rowDoes === "open") doing.open(row);
    else step(row, button.dataset.rowDoes === "up" ? -1 : 1);
  });
  table.addEventListener("keydown", (event) => {
    const row = event.target instanceof Element ? event.target.closest("[data-code]") : null;
    if (!(row instanceof HTMLElement) || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    const by = event.key === "ArrowUp" ? -1 : 1;
    if (event.altKey) step(row, by);
    else openerOf(rowsOf(table)[rowsOf(table).indexOf(row) + by])?.focus();
  });
  table.addEventListener("focusin", (event) => {
    const row = event.target instanceof Element ? event.target.closest("[data-code]") : null;
    if (row instanceof HTMLElement) rove(table, row);
  });
  rove(table, rowsOf(table)[0]);
  if (!table.hasAttribute("data-frozen")) dragging(table, doing.move);

  /** @param {HTMLElement} row @param {number} by */
  function step(row, by) {
    const code = row.dataset.code ?? "";
    if (table.hasAttribute("data-frozen")) return;
    moving = moving.then(async () => {
      const now = rowOf(table, code); // where the step before has brought it
      const to = Number(now?.dataset.place) + by;
      if (now && to >= 0 && to < rowsOf(table).length) await doing.move(now, to);
    });
  }
}

/** The button that opens a row, where its focus lives. @param {HTMLElement | undefined} row */
export function openerOf(row) {
  return /** @type {HTMLElement | null} */ (row?.querySelector("[data-row-does='open']") ?? null);
}

/** The button of a row that does this, or the one that opens it. @param {HTMLElement | undefined} row @param {string} [does] */
export function buttonOf(row, does) {
  const same = row?.querySelector(`[data-row-does="${does}"]:not(:disabled)`);
  return same instanceof HTMLElement ? same : openerOf(row);
}

/** Tab stops at one row only; the arrows go from row to row. @param {HTMLElement} table @param {HTMLElement | undefined} current */
export function rove(table, current) {
  for (const row of rowsOf(table)) {
    for (const button of row.querySelectorAll("button")) button.tabIndex = row === current ? 0 : -1;
  }
}

/** Which rule decides the example and which hold beside it. @param {HTMLElement} table @param {string} decides @param {string[]} holding */
export function markRows(table, decides, holding) {
  for (const row of rowsOf(table)) {
    const code = row.dataset.code ?? "";
    const mark = code === decides ? "decides" : holding.includes(code) ? "holds too" : "";
    row.dataset.example = mark;
    part(row, "[data-mark]").textContent = mark;
  }
}

/** Drag by the first cell; a line shows where the row would go. @param {HTMLElement} table @param {(row: HTMLElement, place: number) => void} move */
function dragging(table, move) {
  /** @type {HTMLElement | null} */
  let dragged = null;
  const over = (/** @type {Event} */ event) => /** @type {HTMLElement | null} */ (event.target instanceof Element ? event.target.closest("[data-code]") : null);
  const clear = () => rowsOf(table).forEach((row) => delete row.dataset.drop);

  table.addEventListener("dragstart", (event) => {
    dragged = over(event);
    event.dataTransfer?.setData("text/plain", dragged?.dataset.code ?? "");
    if (event.dataTransfer && dragged) {
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setDragImage(dragged, 8, 8);
    }
  });
  table.addEventListener("dragover", (event) => {
    const row = over(event);
    if (!dragged || !row || row === dragged) return;
    event.preventDefault();
    clear();
    row.dataset.drop = Number(row.dataset.place) < Number(dragged.dataset.place) ? "before" : "after";
  });
  table.addEventListener("drop", (event) => {
    const row = over(event);
    event.preventDefault();
    if (dragged && row && row !== dragged) move(dragged, Number(row.dataset.place));
  });
  table.addEventListener("dragend", () => {
    dragged = null;
    clear();
  });
}
