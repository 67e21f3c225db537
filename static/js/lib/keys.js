// @ts-check
// Every shortcut of the console in one table. The cheat sheet is this table; nothing else binds keys
// to the page. Single letters work only when no field has focus, and can be switched off (WCAG 2.1.4).

import { store } from "./store.js";

/** @typedef {{keys: string, does: string, where: string, on?: string, letter?: boolean}} Shortcut */

/** Groups in the order of the cheat sheet; `on` names a selector that is clicked, or an action of `run`.
 * @type {Shortcut[]} */
export const SHORTCUTS = [
  { where: "Everywhere", keys: "?", does: "this sheet", on: "[data-opens='cheat-sheet']", letter: true },
  { where: "Everywhere", keys: "F2", does: "new call", on: "[data-key-new]" },
  { where: "Everywhere", keys: "Esc", does: "close the dialog or panel; leave a field" },
  { where: "Everywhere", keys: "g b", does: "go to the board", on: "[data-key-go='b']", letter: true },
  { where: "Everywhere", keys: "g d", does: "go to the clinician desk", on: "[data-key-go='d']", letter: true },
  { where: "Everywhere", keys: "g u", does: "go to my team", on: "[data-key-go='u']", letter: true },
  { where: "Everywhere", keys: "g w", does: "go to follow-up", on: "[data-key-go='w']", letter: true },
  { where: "Everywhere", keys: "g s", does: "go to the supervisor's page", on: "[data-key-go='s']", letter: true },
  { where: "Everywhere", keys: "g r", does: "read the triage rules", on: "[data-key-go='r']", letter: true },
  { where: "Everywhere", keys: "t", does: "theme: dark, light, system", on: "[data-theme-toggle]", letter: true },
  { where: "Lists", keys: "j / ↓", does: "next row" },
  { where: "Lists", keys: "k / ↑", does: "previous row" },
  { where: "Lists", keys: "Home / End", does: "first or last row" },
  { where: "Lists", keys: "Enter", does: "open the row" },
  { where: "Board", keys: "a", does: "assign the recommended team: opens the call at its teams", on: "assign", letter: true },
  { where: "Board", keys: "[ / ]", does: "to the waiting calls, to the active calls", letter: true },
  { where: "Board", keys: "Shift Enter", does: "open the call on its own page" },
  { where: "Call", keys: "n", does: "write a note", on: "[data-key-note]", letter: true },
  { where: "Call", keys: "r", does: "raise the level", on: "[data-key-raise]", letter: true },
  { where: "Call", keys: "h", does: "hand off to an agency", on: "[data-key-handoff]", letter: true },
  { where: "Call", keys: "c", does: "close the call", on: "[data-key-close]", letter: true },
  { where: "Clinician desk", keys: "a", does: "accept the call in focus", on: "accept", letter: true },
  { where: "Clinician desk", keys: "n", does: "write a clinical note" },
  { where: "Clinician desk", keys: "s", does: "send help now, staying on the line", on: "[data-key-help]", letter: true },
  ...["resolved by phone", "send a response team", "send co-response", "send EMS", "send police", "988 takes over", "call back later", "line lost"].map(
    (does, index) => ({ where: "Clinician desk", keys: `${index + 1}`, does: `to the ending: ${does}`, on: `ending-${index + 1}`, letter: true }),
  ),
  { where: "Follow-up", keys: "m", does: "make the open follow-up mine", on: "[data-key-take]", letter: true },
  { where: "Follow-up", keys: "l", does: "log an attempt", on: "[data-key-attempt]", letter: true },
  { where: "Taking a call", keys: "1 … 9", does: "choose that answer of the question in focus" },
  { where: "Taking a call", keys: "0", does: "back to “not asked”" },
  { where: "Taking a call", keys: "Enter", does: "next field or question" },
  { where: "Taking a call", keys: "Ctrl Enter", does: "finish: leave the line, the call goes on", on: "[data-key-finish]" },
  { where: "Taking a call", keys: "Ctrl S", does: "save now (it saves by itself as well)", on: "save" },
];

/** Actions that a screen offers instead of a button to click.
 * @type {Map<string, () => void>} */
const actions = new Map();

/** @param {string} name @param {() => void} run */
export function offer(name, run) {
  actions.set(name, run);
}

/** Whether typing goes somewhere, so that letters must be left alone. @param {EventTarget | null} target */
export function isTyping(target) {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=button])"))
  );
}

/** @param {KeyboardEvent} event */
function spelled(event) {
  if (event.ctrlKey || event.metaKey) return `Ctrl ${event.key === "Enter" ? "Enter" : event.key.toUpperCase()}`;
  return event.key;
}

let prefix = "";
let prefixTimer = 0;

/** @param {KeyboardEvent} event */
function listen(event) {
  if (event.defaultPrevented || event.altKey || event.isComposing) return;
  const key = spelled(event);
  if (key === "Escape" && isTyping(event.target) && !document.querySelector("dialog[open]")) {
    /** @type {HTMLElement} */ (event.target).blur();
  }
  if (isTyping(event.target) && key.length === 1) return;
  const pressed = prefix + key;
  const isOpen = document.querySelector("dialog[open]") !== null;
  const found = SHORTCUTS.filter((row) => row.on && row.keys === pressed);
  const usable = found.filter((row) => !row.letter || (lettersOn() && !isOpen));
  prefix = "";
  clearTimeout(prefixTimer);
  if (usable.some((row) => run(/** @type {string} */ (row.on)))) {
    event.preventDefault();
  } else if (!found.length && key === "g" && lettersOn()) {
    prefix = "g ";
    prefixTimer = setTimeout(() => (prefix = ""), 1500);
  }
}

/** @param {string} on */
function run(on) {
  const action = actions.get(on);
  if (action) {
    action();
    return true;
  }
  if (!/[[.#]/.test(on)) return false;
  const visible = [...document.querySelectorAll(on)].find(
    (element) => element instanceof HTMLElement && element.checkVisibility(),
  );
  if (!(visible instanceof HTMLElement)) return false;
  if (visible.matches("textarea, input")) visible.focus();
  else visible.click();
  return true;
}

function lettersOn() {
  return store.get("letters") !== "off";
}

/** The cheat sheet, from the table. @param {HTMLElement} place @param {HTMLInputElement} toggle */
export function showSheet(place, toggle) {
  for (const where of new Set(SHORTCUTS.map((row) => row.where))) {
    const section = document.createElement("section");
    const heading = document.createElement("h3");
    heading.textContent = where;
    const list = document.createElement("dl");
    for (const row of SHORTCUTS.filter((each) => each.where === where)) {
      const line = document.createElement("div");
      const term = document.createElement("dt");
      term.textContent = row.does;
      const keys = document.createElement("dd");
      for (const key of row.keys.split(" ")) keys.append(/^[/…]$/.test(key) ? ` ${key} ` : cap(key), " ");
      line.append(term, keys);
      list.append(line);
    }
    section.append(heading, list);
    place.append(section);
  }
  toggle.checked = lettersOn();
  toggle.addEventListener("change", () => store.set("letters", toggle.checked ? "on" : "off"));
}

/** @param {string} key */
function cap(key) {
  const element = document.createElement("kbd");
  element.textContent = key;
  return element;
}

document.addEventListener("keydown", listen);
