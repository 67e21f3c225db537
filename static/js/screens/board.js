// @ts-check
// The board: opens a call beside the lists on a wide screen, keeps it up to date with the board's own feed,
// and sounds for what is new and urgent.

import { offer } from "../lib/keys.js";
import { sound } from "../lib/sound.js";
import { toast } from "../lib/toasts.js";
import { enqueue } from "../live/items.js";

const board = /** @type {HTMLElement} */ (document.querySelector(".board"));
const panel = /** @type {HTMLElement} */ (document.getElementById("board-call"));
const wide = matchMedia("(min-width: 64rem) and (min-height: 36rem)");
/** @type {{number: string, id: string, row: string} | null} */
let shown = null;

/** @param {HTMLAnchorElement} row @param {boolean} atTeams */
async function open(row, atTeams) {
  const response = await fetch(row.href, { headers: { "HX-Request": "true" }, redirect: "manual" }).catch(() => null);
  if (!response?.ok) {
    toast("The call cannot be opened at the moment.", "late");
    return;
  }
  panel.innerHTML = await response.text();
  panel.hidden = false;
  board.classList.add("has-call");
  /** @type {any} */ (window).htmx?.process(panel);
  const call = panel.querySelector("[data-call]");
  shown = {
    number: call?.getAttribute("data-number") ?? "",
    id: `call-${call?.getAttribute("data-call")}`,
    row: row.id,
  };
  mark();
  panel.dispatchEvent(new CustomEvent("feed:applied", { bubbles: true, detail: { ids: [] } }));
  const to = atTeams ? panel.querySelector("[data-recommended], .candidate button") : panel.querySelector("[data-part]");
  if (to instanceof HTMLElement) {
    to.focus({ preventScroll: true });
    to.scrollIntoView({ block: atTeams ? "center" : "nearest" });
  }
}

function close() {
  if (!shown) return;
  const row = document.getElementById(shown.row);
  panel.hidden = true;
  panel.replaceChildren();
  board.classList.remove("has-call");
  shown = null;
  mark();
  row?.focus();
}

/** Which row is open, after each change of the lists. */
function mark() {
  for (const row of board.querySelectorAll("a.row")) {
    const isShown = shown !== null && row.getAttribute("href") === `/calls/${shown.number}/`;
    if (isShown) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

board.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest("[data-close-panel]")) close();
  const row = target?.closest("a.row");
  if (!(row instanceof HTMLAnchorElement) || !wide.matches) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  void open(row, false);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (event.target instanceof HTMLElement && event.target.matches("textarea, input, select")) event.target.blur();
  else close();
});

offer("assign", () => {
  const row = document.activeElement?.closest("a.board-row");
  const opened = panel.querySelector("[data-recommended], .candidate button");
  if (row instanceof HTMLAnchorElement && wide.matches) void open(row, true);
  else if (row instanceof HTMLAnchorElement) location.assign(`${row.href}#call-part-4`);
  else if (opened instanceof HTMLElement) opened.focus();
});

// The board's feed says when the open call or a team changed; its parts are fetched then.
let isFetching = false;
let isStale = false;

document.addEventListener("feed:applied", (event) => {
  const ids = /** @type {string[]} */ (/** @type {CustomEvent} */ (event).detail.ids);
  mark();
  announce(ids);
  if (shown && ids.some((id) => id === shown?.id || id.startsWith("unit-"))) void refresh();
});

async function refresh() {
  if (isFetching) {
    isStale = true;
    return;
  }
  isFetching = true;
  const number = shown?.number;
  const response = await fetch(`/calls/${number}/parts/`, { redirect: "manual" }).catch(() => null);
  isFetching = false;
  if (response?.ok && number === shown?.number) enqueue((await response.json()).items);
  if (isStale) {
    isStale = false;
    void refresh();
  }
}

// --- sound and title: what is new and urgent ----------------------------------------------------------

/** @type {Map<string, number>} level of each waiting call when it last sounded */
const heard = new Map();

function waiting() {
  return /** @type {HTMLElement[]} */ ([...board.querySelectorAll("[data-feed-list='waiting'] > li")]);
}

for (const row of waiting()) heard.set(row.id, Number(row.dataset.level ?? 0));

/** @param {string[]} ids */
function announce(ids) {
  const rows = waiting();
  document.title = rows.length ? `(${rows.length}) Board · HEART console` : "Board · HEART console";
  for (const row of rows.filter((each) => ids.includes(each.id))) {
    const level = Number(row.dataset.level ?? 0);
    if (level > (heard.get(row.id) ?? 0) && level >= 3) sound(level === 4 ? "high" : "medium");
    heard.set(row.id, level);
  }
}
announce([]);
