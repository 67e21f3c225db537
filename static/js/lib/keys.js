// @ts-check
// Every shortcut of the console in one table. The cheat sheet is this table; nothing else binds keys
// to the page. Whoever signs in may choose other keys, and switch single letters off (WCAG 2.1.4);
// letters work only when no field has focus. F1, F3, F5, F6, F11 and F12 are the browser's.

import { send } from "./http.js";

/**
 * `on` names what it does: a selector that is clicked (a field: focused), or an action of a screen; the
 * first that is there counts. `next` is a selector to walk through. Without either the keys stand fast.
 * @typedef {{name?: string, keys: string, does: string, where: string, on?: string[], next?: string}} Shortcut
 */

/** In the order of the cheat sheet. @type {Shortcut[]} */
export const SHORTCUTS = [
  { name: "sheet", where: "Everywhere", keys: "?", does: "this sheet", on: ["[data-opens='cheat-sheet']"] },
  { name: "command-letter", where: "Everywhere", keys: "/", does: "command line", on: ["command-line"] },
  { name: "command", where: "Everywhere", keys: "Ctrl Space", does: "command line, from a field too", on: ["command-line"] },
  { name: "command-function", where: "Everywhere", keys: "F10", does: "command line, the same", on: ["command-line"] },
  { name: "new", where: "Everywhere", keys: "F2", does: "new call", on: ["[data-key-new]"] },
  { name: "accept", where: "Everywhere", keys: "F4", does: "accept: the call in the queue, the open follow-up", on: ["accept", "[data-key-take]"] },
  { name: "next-alert", where: "Everywhere", keys: "F8", does: "next alert that nobody has; Enter takes it", next: "[data-alert-ack]" },
  { name: "send-recommended", where: "Everywhere", keys: "F9", does: "send the recommended team to the call shown", on: ["send-recommended"] },
  { where: "Everywhere", keys: "Esc", does: "close the dialog or panel; leave a field" },
  { name: "go-board", where: "Everywhere", keys: "g b", does: "go to the board", on: ["[data-key-go='b']"] },
  { name: "go-desk", where: "Everywhere", keys: "g d", does: "go to the clinician desk", on: ["[data-key-go='d']"] },
  { name: "go-team", where: "Everywhere", keys: "g u", does: "go to my team", on: ["[data-key-go='u']"] },
  { name: "go-handover", where: "Everywhere", keys: "g o", does: "go to the hand-over of the shift", on: ["[data-key-go='o']"] },
  { name: "go-followup", where: "Everywhere", keys: "g w", does: "go to follow-up", on: ["[data-key-go='w']"] },
  { name: "go-paper", where: "Everywhere", keys: "g p", does: "go to paper: print, catch up", on: ["[data-key-go='p']"] },
  { name: "go-supervisor", where: "Everywhere", keys: "g s", does: "go to the supervisor's page", on: ["[data-key-go='s']"] },
  { name: "go-rules", where: "Everywhere", keys: "g r", does: "read the triage rules", on: ["[data-key-go='r']"] },
  { name: "go-admin", where: "Everywhere", keys: "g a", does: "go to the admin pages", on: ["[data-key-go='a']"] },
  { name: "theme", where: "Everywhere", keys: "t", does: "theme: dark, light, system", on: ["[data-theme-toggle]"] },
  { name: "row-next", where: "Lists", keys: "j", does: "next row; ↓ on a row" },
  { name: "row-before", where: "Lists", keys: "k", does: "previous row; ↑ on a row" },
  { where: "Lists", keys: "Home / End", does: "first or last row" },
  { where: "Lists", keys: "Enter", does: "open the row" },
  { name: "assign", where: "Board", keys: "a", does: "assign the recommended team: opens the call at its teams", on: ["assign"] },
  { name: "list-first", where: "Board", keys: "[", does: "to the waiting calls" },
  { name: "list-second", where: "Board", keys: "]", does: "to the active calls" },
  { where: "Board", keys: "Shift Enter", does: "open the call on its own page" },
  { name: "note", where: "Call", keys: "n", does: "write a note", on: ["[data-key-note]"] },
  { name: "raise", where: "Call", keys: "r", does: "raise the level", on: ["[data-key-raise]"] },
  { name: "hand-off", where: "Call", keys: "h", does: "hand off to an agency", on: ["[data-key-handoff]"] },
  { name: "close", where: "Call", keys: "c", does: "close the call", on: ["[data-key-close]"] },
  { name: "accept-focused", where: "Clinician desk", keys: "a", does: "accept the call in focus", on: ["accept"] },
  { where: "Clinician desk", keys: "n", does: "write a clinical note" },
  { name: "help-now", where: "Clinician desk", keys: "s", does: "send help now, staying on the line", on: ["[data-key-help]"] },
  ...["resolved by phone", "send a response team", "send co-response", "send EMS", "send police", "988 takes over", "call back later", "line lost"].map(
    (does, index) => ({ name: `ending-${index + 1}`, where: "Clinician desk", keys: `${index + 1}`, does: `to the ending: ${does}`, on: [`ending-${index + 1}`] }),
  ),
  { name: "take-followup", where: "Follow-up", keys: "m", does: "make the open follow-up mine", on: ["[data-key-take]"] },
  { name: "attempt", where: "Follow-up", keys: "l", does: "log an attempt", on: ["[data-key-attempt]"] },
  { where: "Taking a call", keys: "1 … 9", does: "choose that answer of the question in focus" },
  { where: "Taking a call", keys: "0", does: "back to “not asked”" },
  { where: "Taking a call", keys: "Enter", does: "next field or question" },
  { name: "finish", where: "Taking a call", keys: "Ctrl Enter", does: "finish: leave the line, the call goes on", on: ["[data-key-finish]"] },
  { name: "save", where: "Taking a call", keys: "Ctrl S", does: "save now (it saves by itself as well)", on: ["save"] },
];

/** What this person chose, kept on the server. @type {{keys: Record<string, string>, letters: boolean}} */
const own = { keys: {}, letters: true, ...JSON.parse(document.body.dataset.ownKeys || "{}") };

/** @param {Shortcut} row */
export function keysOf(row) {
  return own.keys[row.name ?? ""] ?? row.keys;
}

export function lettersOn() {
  return own.letters;
}

/** Keep a choice; it counts on this page at once. @param {{keys?: Record<string, string>, letters?: boolean}} choice @returns {Promise<string>} why it is not kept, or nothing */
export async function keep(choice) {
  Object.assign(own, choice);
  const response = await send("/me/keys/", own).catch(() => null);
  if (response?.ok) return "";
  const problems = response?.status === 422 ? (await response.json()).problems.join("; ") : "";
  return problems || "Not kept: the console cannot be reached. It counts on this page only.";
}

/** Other keys for one shortcut; its own ones again without `keys`. @param {Shortcut} row @param {string} [keys] */
export function remap(row, keys) {
  const { [row.name ?? ""]: _, ...rest } = own.keys;
  return keep({ keys: keys && keys !== row.keys ? { ...rest, [row.name ?? ""]: keys } : rest });
}

/** A key that types something, or a sequence of such keys. @param {string} keys */
function isLetter(keys) {
  return keys.split(" ").every((key) => key.length === 1);
}

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

/** A press as the table spells it. @param {KeyboardEvent} event */
export function spelled(event) {
  const key = event.key === " " ? "Space" : event.key.length === 1 && event.ctrlKey ? event.key.toUpperCase() : event.key;
  const shift = event.shiftKey && event.key.length > 1 ? "Shift " : "";
  return (event.ctrlKey || event.metaKey ? "Ctrl " : "") + shift + key;
}

/** Whether a press is this shortcut, for lists that walk by themselves. @param {string} name @param {KeyboardEvent} event */
export function isPressed(name, event) {
  const row = SHORTCUTS.find((each) => each.name === name);
  if (!row || keysOf(row) !== spelled(event)) return false;
  return !isLetter(keysOf(row)) || own.letters;
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
  const usable = SHORTCUTS.filter((row) => !isLetter(keysOf(row)) || (own.letters && !isOpen));
  prefix = "";
  clearTimeout(prefixTimer);
  if (usable.some((row) => keysOf(row) === pressed && run(row))) {
    event.preventDefault();
  } else if (usable.some((row) => keysOf(row).startsWith(`${pressed} `)) && key.length === 1) {
    prefix = `${key} `;
    prefixTimer = setTimeout(() => (prefix = ""), 1500);
  }
}

/** @param {Shortcut} row */
function run(row) {
  if (row.next) return walk(row.next);
  return (row.on ?? []).some(act);
}

/** @param {string} on */
function act(on) {
  const action = actions.get(on);
  if (action) {
    action();
    return true;
  }
  if (!/[[.#]/.test(on)) return false;
  const [first] = visible(on);
  if (!first) return false;
  if (first.matches("textarea, input")) first.focus();
  else first.click();
  return true;
}

/** Focus the one after the one in focus. @param {string} selector */
function walk(selector) {
  const all = visible(selector);
  const at = all.findIndex((element) => element.contains(document.activeElement));
  all[(at + 1) % all.length]?.focus();
  return all.length > 0;
}

/** @param {string} selector @returns {HTMLElement[]} */
function visible(selector) {
  const all = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(selector)]);
  return all.filter((element) => element.checkVisibility());
}

document.addEventListener("keydown", listen);
