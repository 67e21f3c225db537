// @ts-check
// The panels of the room: moved, hidden, widened, opened elsewhere; how they stand is kept on the server for
// the position. Everything is a press; nothing needs dragging. Panels are moved alive, with focus and typed words.

import { send } from "../../lib/http.js";
import { toast } from "../../lib/toasts.js";

/** @typedef {{width: number, panels: string[]}} Column */
/** @typedef {{density: string, columns: Column[]}} Layout */

const NARROWEST = 3;
const WIDEST = 20;
const MOST_COLUMNS = 4;
const NEW_WIDTH = 6;
const SAVE_MS = 400;

const board = /** @type {HTMLElement} */ (document.querySelector(".board"));
const row = /** @type {HTMLElement} */ (board.querySelector(".board-columns"));
const hidden = /** @type {HTMLElement} */ (board.querySelector(".board-hidden"));
const panelMenu = document.getElementById("panel-menu");
const layoutMenu = document.getElementById("layout-menu");

/** @returns {HTMLElement[]} */
function columns() {
  return /** @type {HTMLElement[]} */ ([...row.querySelectorAll(".board-column")]);
}

/** @param {ParentNode} within @returns {HTMLElement[]} */
function panels(within) {
  return /** @type {HTMLElement[]} */ ([...within.querySelectorAll("[data-panel]")]);
}

/** @param {string} name */
function panelNamed(name) {
  return /** @type {HTMLElement} */ (board.querySelector(`[data-panel="${CSS.escape(name)}"]`));
}

/** How the panels stand now. @returns {Layout} */
function current() {
  return {
    density: board.dataset.density ?? "compact",
    columns: columns().map((column) => ({
      width: Number(column.dataset.width),
      panels: panels(column).map((panel) => panel.dataset.panel ?? ""),
    })),
  };
}

/** Move a panel with everything that is alive in it. @param {HTMLElement} panel @param {Element} to @param {Element | null} before */
function put(panel, to, before) {
  const active = document.activeElement;
  const exact = /** @type {any} */ (to).moveBefore;
  if (exact && panel.isConnected && to.isConnected) exact.call(to, panel, before);
  else to.insertBefore(panel, before);
  if (active instanceof HTMLElement && active !== document.activeElement) active.focus({ preventScroll: true });
}

/** @param {number} width */
function newColumn(width) {
  const column = document.createElement("div");
  column.className = "board-column";
  column.dataset.width = String(width);
  return column;
}

/** Make the screen stand as a layout says. @param {Layout} layout */
function show(layout) {
  board.dataset.density = layout.density;
  const spare = columns();
  for (const { width, panels: names } of layout.columns) {
    const column = newColumn(width);
    row.append(column);
    for (const name of names) put(panelNamed(name), column, null);
  }
  for (const column of spare) {
    for (const panel of panels(column)) put(panel, hidden, null);
    column.remove();
  }
  settle();
}

/** Empty columns go, and between two columns stands a separator. */
function settle() {
  for (const column of columns()) if (!panels(column).length) column.remove();
  for (const separator of row.querySelectorAll(".board-separator")) {
    if (separator !== document.activeElement) separator.remove();
  }
  columns().forEach((column, index) => {
    column.id = `board-column-${index + 1}`;
    if (index > 0) separate(column, index);
  });
  for (const box of layoutMenu?.querySelectorAll("input") ?? []) {
    if (box.name === "panel") box.checked = !hidden.contains(panelNamed(box.value));
    else box.checked = box.value === board.dataset.density;
  }
  dispatchEvent(new Event("resize")); // the map looks at its place again
}

/** @param {HTMLElement} column @param {number} index */
function separate(column, index) {
  const kept = column.previousElementSibling;
  const separator = kept instanceof HTMLElement && kept.matches(".board-separator") ? kept : document.createElement("div");
  separator.className = "board-separator";
  separator.tabIndex = 0;
  for (const [name, value] of Object.entries({
    role: "separator",
    "aria-orientation": "vertical",
    "aria-label": `Width of column ${index}: arrow keys`,
    "aria-controls": `board-column-${index}`,
    "aria-valuemin": String(NARROWEST),
    "aria-valuemax": String(WIDEST),
    "aria-valuenow": columns()[index - 1].dataset.width ?? "",
  })) separator.setAttribute(name, value);
  if (separator !== kept) column.before(separator);
}

/** Give to the column before a separator what the one after it loses. @param {HTMLElement} separator @param {number} by */
function widen(separator, by) {
  const [left, right] = [separator.previousElementSibling, separator.nextElementSibling];
  if (!(left instanceof HTMLElement) || !(right instanceof HTMLElement)) return;
  const widths = [Number(left.dataset.width) + by, Number(right.dataset.width) - by];
  if (widths.some((width) => width < NARROWEST || width > WIDEST)) return;
  left.dataset.width = String(widths[0]);
  right.dataset.width = String(widths[1]);
  separator.setAttribute("aria-valuenow", String(widths[0]));
  dispatchEvent(new Event("resize"));
  save();
}

/** @param {HTMLElement} panel @param {string} where */
function move(panel, where) {
  const column = /** @type {HTMLElement} */ (panel.closest(".board-column"));
  const all = columns();
  const at = all.indexOf(column);
  const here = panels(column);
  if (where === "up" && panel !== here[0]) put(panel, column, here[here.indexOf(panel) - 1]);
  if (where === "down") put(panel, column, here[here.indexOf(panel) + 2] ?? null);
  if (where === "left") put(panel, all[at - 1] ?? beside(column, "before"), null);
  if (where === "right") put(panel, all[at + 1] ?? beside(column, "after"), null);
  if (where === "hide") put(panel, hidden, null);
  settle();
  save();
}

/** A new column at the edge, unless there are enough. @param {HTMLElement} column @param {"before" | "after"} side */
function beside(column, side) {
  if (columns().length >= MOST_COLUMNS || panels(column).length < 2) return column;
  const made = newColumn(NEW_WIDTH);
  column[side](made);
  return made;
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let saving = undefined;

function save() {
  clearTimeout(saving);
  saving = setTimeout(() => void keep(current()), SAVE_MS);
}

/** @param {Layout | {preset: string}} layout @returns {Promise<Layout | null>} what the server keeps now */
async function keep(layout) {
  const response = await send("/positions/layout/", layout).catch(() => null);
  if (response?.ok) return response.json();
  toast("The layout stands here but could not be kept for the position.", "late");
  return null;
}

// --- menus ---------------------------------------------------------------------------------------------

let arranged = "";

/** @param {HTMLElement} button */
function openMenu(button) {
  if (!panelMenu) return;
  arranged = button.dataset.arrange ?? "";
  const link = panelMenu.querySelector("[data-own-window]");
  if (link instanceof HTMLAnchorElement) link.href = `/board/${arranged}/`;
  panelMenu.showPopover();
  stand(button);
  const first = panelMenu.querySelector("button");
  if (first instanceof HTMLElement) first.focus();
}

/** The menu stands at the button that opened it. @param {HTMLElement} button */
function stand(button) {
  if (!panelMenu) return;
  const { right, bottom, top } = button.getBoundingClientRect();
  const { offsetWidth, offsetHeight } = panelMenu;
  const below = bottom + offsetHeight < innerHeight ? bottom : Math.max(0, top - offsetHeight);
  panelMenu.style.left = `${Math.max(0, right - offsetWidth)}px`;
  panelMenu.style.top = `${below}px`;
}

/** @param {string} name */
function buttonOf(name) {
  return /** @type {HTMLElement | null} */ (board.querySelector(`[data-arrange="${CSS.escape(name)}"]`));
}

board.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-arrange]") : null;
  if (button instanceof HTMLElement) openMenu(button);
});

panelMenu?.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-move]") : null;
  if (!(button instanceof HTMLElement)) return;
  move(panelNamed(arranged), button.dataset.move ?? "");
  const place = buttonOf(arranged);
  if (place && button.dataset.move !== "hide") stand(place);
  else panelMenu.hidePopover();
});

panelMenu?.addEventListener("toggle", (event) => {
  if (/** @type {ToggleEvent} */ (event).newState !== "closed") return;
  const place = buttonOf(arranged);
  const opener = place?.checkVisibility() ? place : document.querySelector("[data-layout-opener]");
  if (document.activeElement === document.body && opener instanceof HTMLElement) opener.focus({ preventScroll: true });
});

layoutMenu?.addEventListener("change", (event) => {
  const box = /** @type {HTMLInputElement} */ (event.target);
  if (box.name === "density") board.dataset.density = box.value;
  else if (box.checked) put(panelNamed(box.value), shortest(), null);
  else put(panelNamed(box.value), hidden, null);
  settle();
  save();
});

/** Where a panel that comes back has most room. */
function shortest() {
  const all = columns();
  if (!all.length) row.append(newColumn(WIDEST));
  return columns().reduce((best, each) => (panels(each).length < panels(best).length ? each : best));
}

layoutMenu?.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-preset]") : null;
  if (!(button instanceof HTMLElement)) return;
  clearTimeout(saving);
  const kept = await keep({ preset: button.dataset.preset ?? "" });
  if (kept) show(kept);
});

// --- separators ----------------------------------------------------------------------------------------

row.addEventListener("keydown", (event) => {
  const separator = event.target;
  if (!(separator instanceof HTMLElement) || !separator.matches(".board-separator")) return;
  const by = { ArrowLeft: -1, ArrowRight: 1, PageDown: -3, PageUp: 3 }[event.key];
  if (!by) return;
  event.preventDefault();
  widen(separator, by);
});

row.addEventListener("pointerdown", (event) => {
  const separator = event.target;
  if (!(separator instanceof HTMLElement) || !separator.matches(".board-separator")) return;
  const share = row.clientWidth / columns().reduce((sum, column) => sum + Number(column.dataset.width), 0);
  let from = event.clientX;
  separator.setPointerCapture(event.pointerId);
  separator.onpointermove = (moved) => {
    const by = Math.trunc((moved.clientX - from) / share);
    from += by * share;
    if (by) widen(separator, by);
  };
  separator.onlostpointercapture = () => (separator.onpointermove = null);
});

settle();
