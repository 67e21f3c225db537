// @ts-check
// What somebody at the screen has in hand: typed words, the focus, selected text, a press on its way. Live
// changes move it over alive, put it back, or wait.

const FIELDS = "input:not([type=hidden]):not([type=submit]):not([type=button]), textarea, select";

/** Whether somebody has typed something that a reload would lose. */
export function hasTypedText() {
  return [...document.querySelectorAll(FIELDS)].some(isDirty);
}

/** A press on it is on its way: its answer must find it where it was made. @param {HTMLElement | null} old */
export function isPressed(old) {
  return !!old && (old.matches(".htmx-request") || old.querySelector(".htmx-request") !== null);
}

/** Somebody has the focus, typed words or selected text in it, or waits for an answer. @param {Element} element */
export function isInHand(element) {
  return (
    element.contains(document.activeElement) ||
    element.hasAttribute("data-feed-held") ||
    isPressed(/** @type {HTMLElement} */ (element)) ||
    hasSelection(element) ||
    keepers(element).some(mustStay)
  );
}

/** What must survive alive: marked elements, typed fields, the field that has the focus. @param {Element} root */
export function keepers(root) {
  const marked = [...root.querySelectorAll("[data-feed-keep]")];
  const inside = (/** @type {Element} */ field) => marked.some((m) => m !== field && m.contains(field));
  const fields = [...root.querySelectorAll(FIELDS)].filter(mustStay);
  return [...marked, ...fields.filter((field) => !marked.includes(field))].filter((e) => !inside(e));
}

/** @param {Element} element */
export function mustStay(element) {
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
export function twinOf(element, fresh) {
  if (element.id) return fresh.querySelector(`#${CSS.escape(element.id)}`);
  const name = element.getAttribute("name");
  if (!name) return null;
  const value = element.matches("[type=radio], [type=checkbox]") ? element.getAttribute("value") : null;
  const same = [...fresh.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
  return same.find((twin) => value === null || twin.getAttribute("value") === value) ?? null;
}

/** @param {Element} field @param {Element} twin */
export function swapIn(field, twin) {
  const parent = /** @type {Element} */ (twin.parentElement);
  moveBefore(parent, field, twin);
  twin.remove();
}

/**
 * Move a connected element with focus and selection kept.
 * @param {Element} parent @param {Element} child @param {Element | null} before
 */
export function moveBefore(parent, child, before) {
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

/** @param {Element} old @param {Element} fresh @returns {() => void} puts the focus back */
export function rememberFocus(old, fresh) {
  const active = document.activeElement;
  if (!active || !old.contains(active)) return () => {};
  if (active.matches(FIELDS)) return () => refocus(active); // moved over alive
  const twin = active === old ? fresh : (twinOf(active, fresh) ?? sameIn(old, active, fresh));
  return () => refocus(active.isConnected ? active : twin);
}

/** Where the focus goes when what had it has gone from here. @param {Element} root @returns {() => void} */
export function rememberPlace(root) {
  const active = document.activeElement;
  if (!active || !root.contains(active)) return () => {};
  const alike = () => [...root.querySelectorAll(active.tagName)];
  const index = alike().indexOf(active);
  return () => {
    if (!root.contains(document.activeElement)) refocus(alike()[index] ?? alike().at(-1));
  };
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
export function rememberScroll(old, fresh) {
  if (old.matches("[data-feed-list] > li, [data-feed-pieces] > li")) return () => {}; // a row does not scroll, and asking lays the page out
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
export function hasSelection(element) {
  return isSelecting && document.getSelection()?.containsNode(element, true) === true;
}
