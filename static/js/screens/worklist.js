// @ts-check
// The worklist: filters by owner, and one follow-up open beside the list, kept up to date with the feed.

import { Parts } from "../lib/parts.js";
import { toast } from "../lib/toasts.js";

const list = /** @type {HTMLElement} */ (document.querySelector(".worklist"));
const place = /** @type {HTMLElement} */ (document.getElementById("opened"));
const me = document.body.dataset.user ?? "";

const opened = () => /** @type {HTMLElement | null} */ (place.querySelector(".opened"));
const record = new Parts(() => opened()?.dataset.live);

// --- the open follow-up ---------------------------------------------------------------------------

/** @param {string} address */
async function open(address) {
  const response = await fetch(address, { headers: { "HX-Request": "true" }, redirect: "manual" }).catch(() => null);
  if (!response?.ok) {
    toast("The follow-up cannot be opened at the moment.", "late");
    return;
  }
  place.innerHTML = await response.text();
  place.hidden = false;
  list.classList.add("has-open");
  /** @type {any} */ (window).htmx?.process(place);
  history.replaceState(null, "", address);
  mark();
  place.dispatchEvent(new CustomEvent("feed:applied", { bubbles: true, detail: { ids: [] } }));
  const title = place.querySelector("#opened-title");
  if (title instanceof HTMLElement) title.focus();
}

function close() {
  const number = opened()?.dataset.followup;
  if (!number) return;
  place.hidden = true;
  place.replaceChildren();
  list.classList.remove("has-open");
  history.replaceState(null, "", "/worklist/");
  mark();
  document.getElementById(`followup-${number}-row`)?.focus();
}

list.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest("[data-close-panel]")) close();
  const filter = target?.closest("[data-filter]");
  if (filter instanceof HTMLElement) show(filter.dataset.filter ?? "all");
  const link = target?.closest("a.work-row, a[data-opens-followup]");
  if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (isTyped() && link.getAttribute("href") !== `/worklist/${opened()?.dataset.followup}/`) {
    toast("A note is typed and not saved: save it or close the panel first.", "late");
    return;
  }
  void open(link.href);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (event.target instanceof HTMLElement && event.target.matches("textarea, input, select")) event.target.blur();
  else if (!isTyped()) close();
});

function isTyped() {
  return [...place.querySelectorAll("textarea")].some((text) => text.value !== "");
}

// --- what changes -----------------------------------------------------------------------------------

document.addEventListener("feed:applied", (event) => {
  const ids = /** @type {string[]} */ (/** @type {CustomEvent} */ (event).detail.ids);
  mark();
  if (ids.includes(`followup-${opened()?.dataset.followup}`)) void record.refresh();
});
document.addEventListener("htmx:afterSettle", mark);

/** Which row is open, which are mine, how many each filter shows. */
function mark() {
  const rows = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[data-feed-list] > li[data-owner]")]);
  for (const row of rows) {
    const isOpen = row.id === `followup-${opened()?.dataset.followup}`;
    const link = row.querySelector("a");
    if (isOpen) link?.setAttribute("aria-current", "true");
    else link?.removeAttribute("aria-current");
    row.dataset.whose = whose(row.dataset.owner ?? "");
    row.hidden = list.dataset.show !== "all" && list.dataset.show !== row.dataset.whose;
  }
  for (const empty of list.querySelectorAll("[data-filter-empty]")) {
    const all = list.querySelectorAll(`[data-feed-list="${empty.getAttribute("data-filter-empty")}"] > li`);
    /** @type {HTMLElement} */ (empty).hidden = !all.length || [...all].some((row) => !(/** @type {HTMLElement} */ (row).hidden));
  }
  list.querySelector("[data-row-group]")?.dispatchEvent(new Event("rows:filtered"));
  const take = place.querySelector(".opened-take");
  if (take instanceof HTMLElement) take.hidden = take.dataset.owner === me;
  for (const name of ["mine", "free", "all"]) {
    const count = rows.filter((row) => name === "all" || row.dataset.whose === name).length;
    const badge = list.querySelector(`[data-filter-count="${name}"]`);
    if (badge && badge.textContent !== String(count)) badge.textContent = String(count);
  }
}

/** @param {string} owner */
function whose(owner) {
  if (!owner) return "free";
  return owner === me ? "mine" : "others";
}

/** @param {string} name */
function show(name) {
  list.dataset.show = name;
  for (const button of list.querySelectorAll("[data-filter]")) {
    button.setAttribute("aria-pressed", String(button.getAttribute("data-filter") === name));
  }
  mark();
}

mark();
