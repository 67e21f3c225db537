// @ts-check
/**
 * Puts items on the screen without disturbing whoever works on it.
 *
 * An item's element goes into [data-feed-list="<its data-list>"], ordered by data-order. A field that
 * is being edited, and anything marked data-feed-keep, is moved over alive into the new element. What
 * cannot be changed without harm (a typed field that has no place in the new element, selected text)
 * waits until it can. Of a long list only the beginning is shown (windows.js): what stands beyond it, as
 * the item's data says, is not even parsed. In a list marked data-feed-calm new rows wait behind a button
 * while somebody reads further down or selects text. An element marked data-feed-pieces comes whole, but
 * only those of its children that differ are put in.
 */

import { hasSelection, isInHand, isPressed, keepers, moveBefore, mustStay, swapIn, twinOf } from "./hand.js";
import { rememberFocus, rememberPlace, rememberScroll } from "./hand.js";
import { allWindows, awaiting, scrollerOf, watchEnds, windowOf } from "./windows.js";

/**
 * @typedef {object} Item
 * @property {string} id
 * @property {string} html
 * @property {Record<string, any>} [data]
 * @property {boolean} [isAskedFor] the person at the screen wants it now
 * @property {boolean} [isBeyond] it left the beginning of its list, not the list
 */

const NEW_MS = 2500;
/** One change is shown at once; of a storm, what it came to ten times a second. */
const PAUSE_MS = 100;
/** What applying may take of a frame: the rest of a flood waits for the next one. */
const SLICE_MS = 6;
const PRESSES = "[hx-get], [hx-post], [hx-delete], [hx-patch], [hx-put]";

/** @type {Map<string, Item>} */
const waiting = new Map();
/** @type {Map<string, Item>} */
const held = new Map();
/** New rows that wait behind the button of their list. @type {Map<string, {item: Item, list: Element}>} */
const behind = new Map();
/** Lists whose rows or numbers may have changed; at first all of them. @type {Set<Element>} */
const touched = new Set(document.querySelectorAll("[data-feed-list]"));
/** The pieces that are shown, as they came. @type {WeakMap<Element, string>} */
const came = new WeakMap();
let scheduled = false;
let appliedAt = -PAUSE_MS;
/** @type {(() => void)[]} */
let whenApplied = [];
/** The windows of the page, for as long as items are applied. @type {ReturnType<typeof allWindows>} */
let views = [];

/** Apply items with one of the next animation frames, each once. @param {Item[]} items @param {() => void} [done] */
export function enqueue(items, done) {
  document.dispatchEvent(new CustomEvent("feed:items", { detail: { items } }));
  for (const item of items) {
    held.delete(item.id);
    waiting.set(item.id, item);
    for (const view of awaiting) if (!item.isAskedFor) view.heard?.set(item.id, item);
  }
  if (done) whenApplied.push(done);
  schedule();
}

/** Make the lists of a feed equal to those of a freshly fetched page. @param {Element} root @param {Element} fresh @param {() => void} done */
export function adopt(root, fresh, done) {
  const shown = itemsOf(fresh);
  const seen = new Set(shown.map((element) => element.id));
  for (const list of fresh.querySelectorAll("[data-feed-list]")) {
    const shownList = listNamed(list.getAttribute("data-feed-list") ?? "");
    windowOf(shownList)?.take(/** @type {HTMLElement} */ (list));
    if (shownList) touched.add(shownList);
  }
  behind.clear();
  enqueue(shown.map((element) => ({ id: element.id, html: element.outerHTML, isAskedFor: true })));
  const gone = itemsOf(root).filter((element) => !seen.has(element.id));
  enqueue(gone.map((element) => ({ id: element.id, html: "", isBeyond: true })), done);
}

/** The items of a feed, but not those of a feed inside it. @param {Element} root */
function itemsOf(root) {
  const all = root.querySelectorAll("[data-feed-list] > [id]:not([data-feed-empty])");
  return [...all].filter((element) => element.closest("[data-feed]") === root);
}

function schedule() {
  if (scheduled || !(waiting.size || whenApplied.length)) return;
  scheduled = true;
  const pause = appliedAt + PAUSE_MS - performance.now();
  // a hidden tab gets no frames, but its title and counts must go on
  if (document.hidden) setTimeout(applySome, 250);
  else if (pause > 0) setTimeout(requestAnimationFrame, pause, applySome);
  else requestAnimationFrame(applySome);
}

/** A frame's share of what waits; who waits until all is applied is told then. */
function applySome() {
  scheduled = false;
  views = allWindows();
  const ids = applyUntil(performance.now() + SLICE_MS);
  for (const view of views) if (view.trim(isInHand)) touched.add(view.list);
  for (const list of touched) {
    shorten(list);
    count(list);
  }
  touched.clear();
  if (!waiting.size) {
    appliedAt = performance.now();
    const callbacks = whenApplied;
    whenApplied = [];
    for (const done of callbacks) done();
  }
  if (ids.length) document.dispatchEvent(new CustomEvent("feed:applied", { detail: { ids } }));
  schedule();
}

/** @param {number} end of our time @returns {string[]} what is on the screen now */
function applyUntil(end) {
  const ids = [];
  for (const [id, item] of waiting) {
    waiting.delete(id);
    if (apply(item)) ids.push(id);
    if (performance.now() > end) break;
  }
  return ids;
}

/** @param {Item} item @returns {boolean} whether it is on the screen now */
function apply(item) {
  const old = document.getElementById(item.id);
  const isNew = !forget(item) && !old && !item.isAskedFor;
  if (!old && isOutside(item)) return true;
  const fresh = parse(item.html);
  const list = fresh?.dataset.list ? listNamed(fresh.dataset.list) : old?.parentElement;
  const places = list || old ? [list, old?.parentElement] : document.querySelectorAll("[data-feed-list]");
  for (const place of places) if (place) touched.add(place);
  if (isNew && fresh && list && !windowOf(list)?.excludes(fresh.dataset.order) && isBeingRead(list)) {
    behind.set(item.id, { item, list });
    return true;
  }
  const done = !isPressed(old) && (fresh ? put(old, fresh, list) : remove(old));
  if (done) held.delete(item.id);
  else held.set(item.id, item);
  if (old?.isConnected) old.toggleAttribute("data-feed-held", !done);
  return done;
}

/** What was counted of it so far. @param {Item} item @returns {boolean} whether it stood beyond the beginning of a list */
function forget(item) {
  const late = behind.get(item.id);
  if (late) touched.add(late.list);
  behind.delete(item.id);
  let wasBeyond = false;
  for (const view of views) {
    if (item.isBeyond || !view.beyond.delete(item.id)) continue;
    touched.add(view.list);
    wasBeyond = true;
  }
  return wasBeyond;
}

/** What is not shown and stands beyond the beginning of its list is only counted. @param {Item} item */
function isOutside({ id, data }) {
  const view = data?.order && views.find(({ list }) => list.dataset.feedList === data.list);
  if (!view || !view.excludes(data.order)) return false;
  view.beyond.add(id);
  touched.add(view.list);
  return true;
}

/** @param {string} html @returns {HTMLElement | null} */
function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return /** @type {HTMLElement | null} */ (template.content.firstElementChild);
}

/** @param {HTMLElement | null} old */
function remove(old) {
  if (!old) return true;
  if (keepers(old).some(mustStay) || hasSelection(old)) return false;
  const neighbour = old.nextElementSibling ?? old.previousElementSibling;
  const hadFocus = old.contains(document.activeElement);
  old.remove();
  if (hadFocus && neighbour instanceof HTMLElement) neighbour.focus({ preventScroll: true });
  return true;
}

/** @param {HTMLElement | null} old @param {HTMLElement} fresh @param {Element | null | undefined} list */
function put(old, fresh, list) {
  const view = windowOf(list ?? null);
  if (view?.excludes(fresh.dataset.order)) {
    view.beyond.add(fresh.id);
    return remove(old);
  }
  if (!list) return old ? remove(old) : true; // this screen does not show that list
  if (!old) {
    place(fresh, list);
    if (!list.hasAttribute("data-feed-limit")) markNew(fresh);
    process(fresh);
    return true;
  }
  if (old.hasAttribute("data-feed-pieces")) return putPieces(old, fresh);
  const kept = keepers(old).map((field) => ({ field, twin: twinOf(field, fresh) }));
  if (hasSelection(old) || kept.some(({ field, twin }) => !twin && mustStay(field))) return false;
  const focus = rememberFocus(old, fresh);
  const scroll = rememberScroll(old, fresh);
  old.after(fresh);
  for (const { field, twin } of kept) if (twin) swapIn(field, twin);
  old.remove();
  place(fresh, list);
  process(fresh);
  scroll();
  focus();
  return true;
}

/** Only the children that differ, each found by its id. @param {HTMLElement} old @param {HTMLElement} fresh */
function putPieces(old, fresh) {
  const pieces = /** @type {HTMLElement[]} */ ([...fresh.children]);
  const ids = pieces.map((piece) => piece.id);
  const focus = rememberPlace(old);
  const gone = /** @type {HTMLElement[]} */ ([...old.children]).filter((child) => !ids.includes(child.id));
  let done = gone.map(remove).every(Boolean);
  for (const piece of pieces) {
    const html = piece.outerHTML;
    const was = document.getElementById(piece.id);
    if (was && came.get(was) === html) continue;
    if (put(was, piece, old)) came.set(piece, html);
    else done = false;
  }
  for (const [index, id] of ids.entries()) {
    const piece = document.getElementById(id);
    if (piece && old.children[index] !== piece) moveBefore(old, piece, old.children[index]);
  }
  focus();
  return done;
}

/** @param {HTMLElement} element @param {Element} list */
function place(element, list) {
  const order = element.dataset.order ?? "";
  if (isInPlace(element, list, order)) return;
  const others = /** @type {HTMLElement[]} */ ([...list.children]);
  const next = others.find((other) => other !== element && isRow(other) && (other.dataset.order ?? "") > order);
  moveBefore(list, element, next ?? null);
}

/** Whether it stands between its neighbours already. @param {HTMLElement} element @param {Element} list @param {string} order */
function isInPlace(element, list, order) {
  if (element.parentElement !== list) return false;
  if (order === "") return true;
  const [before, after] = [element.previousElementSibling, element.nextElementSibling];
  return (
    (!isRow(before) || (before.dataset.order ?? "") <= order) && (!isRow(after) || (after.dataset.order ?? "") > order)
  );
}

/** @param {Element | null} element @returns {element is HTMLElement} */
function isRow(element) {
  return element instanceof HTMLElement && element.id !== "" && !element.hasAttribute("data-feed-empty");
}

/** @param {string} name */
function listNamed(name) {
  return document.querySelector(`[data-feed-list="${CSS.escape(name)}"]`);
}

/** @param {Element} list */
function count(list) {
  const name = CSS.escape(list.getAttribute("data-feed-list") ?? "");
  const late = [...behind.values()].filter((each) => each.list === list).length;
  const beyond = windowOf(list)?.beyond.size ?? 0;
  const number = [...list.children].filter(isRow).length + beyond + late;
  for (const place of document.querySelectorAll(`[data-feed-count="${name}"]`)) {
    if (place.textContent !== String(number)) place.textContent = String(number);
  }
  for (const empty of document.querySelectorAll(`[data-feed-empty="${name}"]`)) {
    /** @type {HTMLElement} */ (empty).hidden = number > 0;
  }
  offer(`[data-feed-more="${name}"]`, beyond, "more");
  offer(`[data-feed-new="${name}"]`, late, "new");
}

/** A button that brings what is counted. @param {string} selector @param {number} number @param {string} word */
function offer(selector, number, word) {
  const button = /** @type {HTMLElement | null} */ (document.querySelector(selector));
  if (!button) return;
  button.hidden = number === 0;
  const words = `${number} ${word}`;
  if (number && button.textContent !== words) button.textContent = words;
}

/** A list of the latest things ends at its limit. @param {Element} list */
function shorten(list) {
  const limit = Number(list.getAttribute("data-feed-limit") ?? Number.POSITIVE_INFINITY);
  while (list.children.length > limit && list.lastElementChild && !isInHand(list.lastElementChild)) {
    list.lastElementChild.remove();
  }
}

/** Somebody looks at rows further down, or selects text in it. @param {Element} list */
function isBeingRead(list) {
  if (!list.hasAttribute("data-feed-calm")) return false;
  return (scrollerOf(list)?.scrollTop ?? 0) > 0 || hasSelection(list);
}

/** @param {Element} element */
function markNew(element) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  element.classList.add("is-new");
  setTimeout(() => element.classList.remove("is-new"), NEW_MS);
}

/** @param {Element} element */
function process(element) {
  if (!element.matches(PRESSES) && !element.querySelector(PRESSES)) return;
  /** @type {any} */ (window).htmx?.process(element);
}

function retryHeld() {
  for (const item of held.values()) if (!waiting.has(item.id)) waiting.set(item.id, item);
  schedule();
}

for (const name of ["focusout", "selectionchange", "reset", "htmx:afterRequest"]) {
  document.addEventListener(name, () => held.size && setTimeout(retryHeld));
}

/** New rows of lists that nobody reads further down any more. */
function showBehind() {
  const shown = [...behind.values()].filter(({ list }) => !isBeingRead(list));
  enqueue(shown.map(({ item }) => item));
}

for (const name of ["scroll", "selectionchange"]) {
  document.addEventListener(name, () => behind.size && setTimeout(showBehind), { capture: true, passive: true });
}

/** The button that says "3 new": to the beginning of the list, where they are. */
document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-feed-new]") : null;
  const list = button && listNamed(button.getAttribute("data-feed-new") ?? "");
  if (!list) return;
  document.getSelection()?.removeAllRanges();
  scrollerOf(list)?.scrollTo({ top: 0, behavior: "instant" });
  const first = list.querySelector("[data-row]");
  if (first instanceof HTMLElement) first.focus({ preventScroll: true });
  showBehind();
});

watchEnds(enqueue);
