// @ts-check
/**
 * Puts items on the screen without disturbing whoever works on it.
 *
 * An item's element goes into [data-feed-list="<its data-list>"], ordered by data-order. A field that
 * is being edited, and anything marked data-feed-keep, is moved over alive into the new element. What
 * cannot be changed without harm (a typed field that has no place in the new element, selected text)
 * waits until it can. Of a long list only the beginning is shown (windows.js). In a list marked
 * data-feed-calm new rows wait behind a button while somebody reads further down or selects text.
 */

import { allWindows, scrollerOf, watchEnds, windowOf } from "./windows.js";

/**
 * @typedef {object} Item
 * @property {string} id
 * @property {string} html
 * @property {Record<string, any>} [data]
 * @property {boolean} [isAskedFor] the person at the screen wants it now
 * @property {boolean} [isBeyond] it left the beginning of its list, not the list
 */

const FIELDS = "input:not([type=hidden]):not([type=submit]):not([type=button]), textarea, select";
const NEW_MS = 2500;

/** @type {Map<string, Item>} */
const waiting = new Map();
/** @type {Map<string, Item>} */
const held = new Map();
/** New rows that wait behind the button of their list. @type {Map<string, Item>} */
const behind = new Map();
let scheduled = false;
/** @type {(() => void)[]} */
let whenApplied = [];
/** The windows of the page, for as long as items are applied. @type {ReturnType<typeof allWindows>} */
let views = [];

/** Apply items with the next animation frame, each once. @param {Item[]} items @param {() => void} [done] */
export function enqueue(items, done) {
  document.dispatchEvent(new CustomEvent("feed:items", { detail: { items } }));
  const listening = allWindows().filter((view) => view.heard);
  for (const item of items) {
    held.delete(item.id);
    waiting.set(item.id, item);
    for (const view of listening) if (!item.isAskedFor) view.heard?.set(item.id, item);
  }
  if (done) whenApplied.push(done);
  schedule();
}

/** Make the lists of a feed equal to those of a freshly fetched page. @param {Element} root @param {Element} fresh @param {() => void} done */
export function adopt(root, fresh, done) {
  const shown = itemsOf(fresh);
  const seen = new Set(shown.map((element) => element.id));
  for (const list of fresh.querySelectorAll("[data-feed-list]")) {
    windowOf(listNamed(list.getAttribute("data-feed-list") ?? ""))?.take(/** @type {HTMLElement} */ (list));
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

/** Whether somebody has typed something that a reload would lose. */
export function hasTypedText() {
  return [...document.querySelectorAll(FIELDS)].some(isDirty);
}

function schedule() {
  if (scheduled || !(waiting.size || whenApplied.length)) return;
  scheduled = true;
  // a hidden tab gets no frames, but its title and counts must go on
  if (document.hidden) setTimeout(applyAll, 250);
  else requestAnimationFrame(applyAll);
}

function applyAll() {
  scheduled = false;
  const items = [...waiting.values()];
  waiting.clear();
  views = allWindows();
  const ids = items.filter(apply).map((item) => item.id);
  for (const view of views) view.trim(isInHand);
  for (const list of document.querySelectorAll("[data-feed-list]")) {
    shorten(list);
    count(list);
  }
  const callbacks = whenApplied;
  whenApplied = [];
  for (const done of callbacks) done();
  if (ids.length) document.dispatchEvent(new CustomEvent("feed:applied", { detail: { ids } }));
}

/** @param {Item} item @returns {boolean} whether it is on the screen now */
function apply(item) {
  const old = document.getElementById(item.id);
  const fresh = parse(item.html);
  const list = fresh?.dataset.list ? listNamed(fresh.dataset.list) : old?.parentElement;
  let isNew = !old && !item.isAskedFor;
  for (const view of views) {
    if (!item.isBeyond && view.beyond.delete(item.id)) isNew = false;
  }
  behind.delete(item.id);
  if (isNew && fresh && list && !windowOf(list)?.excludes(fresh) && isBeingRead(list)) {
    behind.set(item.id, item);
    return true;
  }
  const done = !isPressed(old) && (fresh ? put(old, fresh, list) : remove(old));
  if (done) held.delete(item.id);
  else held.set(item.id, item);
  if (old?.isConnected) old.toggleAttribute("data-feed-held", !done);
  return done;
}

/** A press on it is on its way: its answer must find it where it was made. @param {HTMLElement | null} old */
function isPressed(old) {
  return !!old && (old.matches(".htmx-request") || old.querySelector(".htmx-request") !== null);
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
  if (view?.excludes(fresh)) {
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

/** What must survive alive: marked elements, typed fields, the field that has the focus. @param {Element} root */
function keepers(root) {
  const marked = [...root.querySelectorAll("[data-feed-keep]")];
  const inside = (/** @type {Element} */ field) => marked.some((m) => m !== field && m.contains(field));
  const fields = [...root.querySelectorAll(FIELDS)].filter(mustStay);
  return [...marked, ...fields.filter((field) => !marked.includes(field))].filter((e) => !inside(e));
}

/** @param {Element} element */
function mustStay(element) {
  if (!element.matches(FIELDS)) {
    return [...element.querySelectorAll(FIELDS)].some(mustStay) || isEditable(element);
  }
  return isDirty(element) || element === document.activeElement;
}

/** @param {Element} element */
function isEditable(element) {
  const active = document.activeElement;
  return active instanceof HTMLElement && active.isContentEditable && element.contains(active);
}

/** @param {Element} field */
function isDirty(field) {
  if (field instanceof HTMLSelectElement) {
    const initial = [...field.options].findIndex((option) => option.defaultSelected);
    return field.selectedIndex !== Math.max(initial, field.size > 1 || field.multiple ? -1 : 0);
  }
  if (field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type)) {
    return field.checked !== field.defaultChecked;
  }
  return field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement
    ? field.value !== field.defaultValue
    : false;
}

/** The element of fresh that stands for this one. @param {Element} element @param {Element} fresh */
function twinOf(element, fresh) {
  if (element.id) return fresh.querySelector(`#${CSS.escape(element.id)}`);
  const name = element.getAttribute("name");
  if (!name) return null;
  const value = element.matches("[type=radio], [type=checkbox]") ? element.getAttribute("value") : null;
  const same = [...fresh.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
  return same.find((twin) => value === null || twin.getAttribute("value") === value) ?? null;
}

/** @param {Element} field @param {Element} twin */
function swapIn(field, twin) {
  const parent = /** @type {Element} */ (twin.parentElement);
  moveBefore(parent, field, twin);
  twin.remove();
}

/**
 * Move a connected element with focus and selection kept.
 * @param {Element} parent @param {Element} child @param {Element | null} before
 */
function moveBefore(parent, child, before) {
  const exact = /** @type {any} */ (parent).moveBefore;
  if (exact && child.isConnected && parent.isConnected) {
    exact.call(parent, child, before);
    return;
  }
  const active = document.activeElement;
  const selection = active && "selectionStart" in active ? [active.selectionStart, active.selectionEnd] : null;
  parent.insertBefore(child, before);
  if (active instanceof HTMLElement && child.contains(active)) {
    active.focus({ preventScroll: true });
    if (selection) /** @type {HTMLInputElement} */ (active).setSelectionRange?.(.../** @type {[number, number]} */ (selection));
  }
}

/** @param {HTMLElement} element @param {Element} list */
function place(element, list) {
  const order = element.dataset.order ?? "";
  const others = /** @type {HTMLElement[]} */ ([...list.children]).filter(
    (other) => other !== element && other.id && !other.hasAttribute("data-feed-empty"),
  );
  const next = others.find((other) => (other.dataset.order ?? "") > order) ?? null;
  const last = next ? others[others.indexOf(next) - 1] : others.at(-1);
  const isThere =
    element.parentElement === list &&
    (!last || (last.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0) &&
    (!next || (element.compareDocumentPosition(next) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0);
  if (!isThere) moveBefore(list, element, next);
}

/** @param {Element} old @param {Element} fresh @returns {() => void} puts the focus back */
function rememberFocus(old, fresh) {
  const active = document.activeElement;
  if (!active || !old.contains(active)) return () => {};
  if (active.matches(FIELDS)) return () => refocus(active); // moved over alive
  const twin = active === old ? fresh : (twinOf(active, fresh) ?? sameIn(old, active, fresh));
  return () => refocus(active.isConnected ? active : twin);
}

/** @param {Element | null | undefined} element */
function refocus(element) {
  if (element instanceof HTMLElement && element !== document.activeElement) {
    element.focus({ preventScroll: true });
  }
}

/** The nth button of the old element is the nth of the new one. @param {Element} old @param {Element} active @param {Element} fresh */
function sameIn(old, active, fresh) {
  const index = [...old.querySelectorAll(active.tagName)].indexOf(active);
  return fresh.querySelectorAll(active.tagName)[index];
}

/** @param {Element} old @param {Element} fresh @returns {() => void} puts scroll positions and open details back */
function rememberScroll(old, fresh) {
  if (old.matches("[data-feed-list] > li")) return () => {}; // a row does not scroll, and asking lays the page out
  const kept = [old, ...old.querySelectorAll("[id]")].filter((e) => e.scrollTop || e.scrollLeft);
  const places = kept.map((e) => ({ id: e.id, top: e.scrollTop, left: e.scrollLeft }));
  for (const details of old.querySelectorAll("details[id]")) {
    const twin = twinOf(details, fresh);
    if (twin instanceof HTMLDetailsElement) twin.open = /** @type {HTMLDetailsElement} */ (details).open;
  }
  return () => {
    for (const { id, top, left } of places) document.getElementById(id)?.scrollTo({ top, left, behavior: "instant" });
  };
}

/** Asking a selection lays the page out, so it is asked when it changes, not for each row. */
let isSelecting = false;

document.addEventListener("selectionchange", () => {
  isSelecting = document.getSelection()?.isCollapsed === false;
});

/** @param {Element} element */
function hasSelection(element) {
  return isSelecting && document.getSelection()?.containsNode(element, true) === true;
}

/** @param {string} name */
function listNamed(name) {
  return document.querySelector(`[data-feed-list="${CSS.escape(name)}"]`);
}

/** @param {Element} list */
function count(list) {
  const name = CSS.escape(list.getAttribute("data-feed-list") ?? "");
  const isHere = (/** @type {Item} */ item) => parse(item.html)?.dataset.list === name;
  const late = behind.size ? [...behind.values()].filter(isHere).length : 0;
  const beyond = windowOf(list)?.beyond.size ?? 0;
  const number = list.querySelectorAll(":scope > [id]:not([data-feed-empty])").length + beyond + late;
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

/** Somebody has the focus, typed words or selected text in it, or waits for an answer. @param {Element} element */
function isInHand(element) {
  return (
    element.contains(document.activeElement) ||
    element.hasAttribute("data-feed-held") ||
    isPressed(/** @type {HTMLElement} */ (element)) ||
    hasSelection(element) ||
    keepers(element).some(mustStay)
  );
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
  enqueue([...behind.values()].filter((item) => {
    const list = listNamed(parse(item.html)?.dataset.list ?? "");
    return !list || !isBeingRead(list);
  }));
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
