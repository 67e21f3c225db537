// @ts-check
// The board: opens a call in its panel beside the lists and keeps it up to date with the board's own feed.

import "./board/layout.js";
import { openElsewhere, shareCalls } from "./board/windows.js";
import { offer } from "../lib/keys.js";
import { toast } from "../lib/toasts.js";
import { enqueue } from "../live/items.js";

const TEAMS = "[data-recommended], .candidate button";

const board = /** @type {HTMLElement} */ (document.querySelector(".board"));
const place = /** @type {HTMLElement | null} */ (board.querySelector("[data-call-place]"));
const hint = place?.innerHTML ?? "";
const wide = matchMedia("(min-width: 64rem) and (min-height: 36rem)");
/** @type {{number: string, id: string, row: string} | null} */
let shown = null;

/** Whether a call can open here, beside the lists. */
function hasPlace() {
  return place !== null && wide.matches && place.checkVisibility();
}

/** @param {string} number @param {string} row @param {boolean} atTeams */
async function open(number, row, atTeams) {
  if (!place) return;
  const address = `/calls/${number}/`;
  const response = await fetch(address, { headers: { "HX-Request": "true" }, redirect: "manual" }).catch(() => null);
  if (!response?.ok) {
    toast("The call cannot be opened at the moment.", "late");
    return;
  }
  place.innerHTML = await response.text();
  place.scrollTop = 0;
  /** @type {any} */ (window).htmx?.process(place);
  const call = place.querySelector("[data-call]");
  shown = { number, id: `call-${call?.getAttribute("data-call")}`, row };
  mark();
  place.dispatchEvent(new CustomEvent("feed:applied", { bubbles: true, detail: { ids: [] } }));
  const to = atTeams ? place.querySelector(TEAMS) : place.querySelector("[data-part]");
  if (to instanceof HTMLElement && row) {
    to.focus({ preventScroll: true });
    to.scrollIntoView({ block: atTeams ? "center" : "nearest" });
  }
}

function close() {
  if (!shown || !place) return;
  const row = document.getElementById(shown.row);
  place.innerHTML = hint;
  shown = null;
  mark();
  row?.focus();
}

/** Which row is open, after each change of the lists. */
function mark() {
  const address = shown && `/calls/${shown.number}/`;
  for (const row of board.querySelectorAll("a.row[aria-current]")) {
    if (row.getAttribute("href") !== address) row.removeAttribute("aria-current");
  }
  if (!address) return;
  for (const row of board.querySelectorAll(`a.row[href="${CSS.escape(address)}"]`)) row.setAttribute("aria-current", "true");
}

board.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest("[data-close-panel]")) close();
  const link = target?.closest("a.row, a[data-opens-call]");
  const number = link?.getAttribute("href")?.match(/^\/calls\/([^/]+)\/$/)?.[1];
  if (!link || !number || event.defaultPrevented) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (hasPlace()) {
    event.preventDefault();
    void open(number, link.id, false);
  } else if (openElsewhere(number)) event.preventDefault();
});

shareCalls(hasPlace, (number) => void open(number, "", false));

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open], :popover-open")) return;
  if (event.target instanceof HTMLElement && event.target.matches("textarea, input, select")) event.target.blur();
  else close();
});

offer("assign", () => {
  const row = document.activeElement?.closest("a.board-row");
  const opened = place?.querySelector(TEAMS);
  const number = row?.getAttribute("href")?.split("/")[2] ?? "";
  if (row && hasPlace()) void open(number, row.id, true);
  else if (row && !openElsewhere(number)) location.assign(`/calls/${number}/#call-part-4`);
  else if (opened instanceof HTMLElement) opened.focus();
});

// The board's feed says when the open call or a team changed; its parts are fetched then, not too often.
const PAUSE_MS = 300;
let isFetching = false;
let isStale = false;

document.addEventListener("feed:applied", (event) => {
  const ids = /** @type {string[]} */ (/** @type {CustomEvent} */ (event).detail.ids);
  mark();
  if (shown && ids.some((id) => id === shown?.id || id.startsWith("unit-"))) void refresh();
});

async function refresh() {
  isStale = true;
  if (isFetching) return;
  isFetching = true;
  while (isStale && shown) {
    isStale = false;
    const { number } = shown;
    const response = await fetch(`/calls/${number}/parts/`, { redirect: "manual" }).catch(() => null);
    if (response?.ok && number === shown?.number) enqueue((await response.json()).items);
    await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
  isFetching = false;
}
