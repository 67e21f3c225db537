// @ts-check
// The sheet of all shortcuts, made from their table; each can be given another key on it.

import { keep, keysOf, lettersOn, remap, SHORTCUTS, spelled } from "./keys.js";

/** @typedef {import("./keys.js").Shortcut} Shortcut */

const BROWSER = ["F1", "F3", "F5", "F6", "F11", "F12", "Tab", "Shift Tab", "Enter", "Escape"];
const MODIFIERS = ["Control", "Shift", "Alt", "Meta", "CapsLock"];

/** @param {HTMLElement} place filled with sections of shortcuts, in a dialog when it opens; [data-keys-fixed] for paper */
export function showSheet(place) {
  const dialog = place.closest("dialog");
  if (!dialog || dialog.open) {
    fill(place);
    return;
  }
  const opening = new MutationObserver(() => {
    opening.disconnect();
    fill(place);
  });
  opening.observe(dialog, { attributeFilter: ["open"] });
}

/** @param {HTMLElement} place */
function fill(place) {
  const isFixed = "keysFixed" in place.dataset;
  for (const where of new Set(SHORTCUTS.map((row) => row.where))) {
    const section = document.createElement("section");
    const heading = document.createElement("h3");
    heading.textContent = where;
    const list = document.createElement("dl");
    for (const row of SHORTCUTS.filter((each) => each.where === where)) list.append(line(row, isFixed));
    section.append(heading, list);
    place.append(section);
  }
}

/** @param {HTMLInputElement} toggle @param {HTMLElement} said */
export function lettersToggle(toggle, said) {
  toggle.checked = lettersOn();
  toggle.addEventListener("change", async () => {
    const state = toggle.checked ? "Single letters are shortcuts." : "Single letters are no shortcuts any more.";
    said.textContent = (await keep({ letters: toggle.checked })) || state;
  });
}

/** @param {Shortcut} row @param {boolean} isFixed */
function line(row, isFixed) {
  const element = document.createElement("div");
  const term = document.createElement("dt");
  term.textContent = row.does;
  const keys = document.createElement("dd");
  element.append(term, keys);
  if (row.name && !isFixed) keys.append(changer(row));
  else keys.append(...caps(keysOf(row)));
  return element;
}

/** A button that shows the keys and waits for others. @param {Shortcut} row */
function changer(row) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "key-change";
  const show = () => {
    const label = document.createElement("span");
    label.className = "unseen";
    label.textContent = `Change the key: ${row.does}`;
    button.replaceChildren(...caps(keysOf(row)), label);
    button.toggleAttribute("data-own", keysOf(row) !== row.keys);
    button.removeAttribute("data-waits");
  };
  const wait = () => {
    button.textContent = "press a key";
    button.dataset.waits = "";
    say(`${row.does}: press the new key. Escape keeps it as it is, Backspace brings ${row.keys} back.`);
  };
  button.addEventListener("click", wait);
  button.addEventListener("blur", show);
  let begun = "";
  button.addEventListener("keydown", (event) => {
    if (!("waits" in button.dataset) || MODIFIERS.includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    const key = spelled(event);
    if (key === "Escape") {
      begun = "";
      show();
      say("Kept as it was.");
      return;
    }
    if (row.keys.includes(" ") && row.keys.length === 3 && key.length === 1 && !begun) {
      begun = key; // a sequence of two, like g b
      button.textContent = `${key} …`;
      return;
    }
    void change(row, key === "Backspace" ? row.keys : begun ? `${begun} ${key}` : key).then(show);
    begun = "";
  });
  show();
  return button;
}

/** @param {Shortcut} row @param {string} keys */
async function change(row, keys) {
  const taken = SHORTCUTS.find((each) => each !== row && meet(each, row) && clash(keysOf(each), keys));
  if (BROWSER.includes(keys)) say(`${keys} is left to the browser.`);
  else if (taken) say(`${keys} is taken: ${taken.does} (${taken.where.toLowerCase()}). Give that another key first.`);
  else say((await remap(row, keys)) || `${row.does}: ${keys}.`);
}

/** Whether two shortcuts can be pressed at the same place. @param {Shortcut} a @param {Shortcut} b */
function meet(a, b) {
  const wide = ["Everywhere", "Lists"];
  return a.where === b.where || wide.includes(a.where) || wide.includes(b.where) || together(a.where, b.where);
}

/** A call is shown beside the board. @param {string} a @param {string} b */
function together(a, b) {
  return [a, b].every((where) => where === "Board" || where === "Call");
}

/** @param {string} a @param {string} b */
function clash(a, b) {
  return a === b || a.startsWith(`${b} `) || b.startsWith(`${a} `);
}

/** @param {string} text */
function say(text) {
  const place = document.querySelector("[data-keys-said]");
  if (place) place.textContent = text;
}

/** @param {string} keys */
function caps(keys) {
  return keys.split(" ").flatMap((key) => [/^[/…]$/.test(key) && keys.length > 1 ? ` ${key} ` : cap(key), " "]);
}

/** @param {string} key */
function cap(key) {
  const element = document.createElement("kbd");
  element.textContent = key;
  return element;
}
