// @ts-check
// What every page has: shortcuts, dialogs, commands, rows, theme. Behaviour is attached by data- attributes.

import "./lib/commands.js";
import "./lib/dialogs.js";
import { destroyDrafts } from "./lib/drafts.js";
import { showSheet } from "./lib/keys.js";
import { roomClock } from "./lib/room.js";
import { rowGroup } from "./lib/rows.js";
import { soundButton } from "./lib/sound.js";
import { themeButton } from "./lib/theme.js";

/** @template {HTMLElement} T @param {string} selector @param {(element: T) => void} attach */
function attach(selector, attach) {
  for (const element of document.querySelectorAll(selector)) attach(/** @type {T} */ (element));
}

attach("[data-room-clock]", roomClock);
attach("[data-theme-toggle]", themeButton);
attach("[data-sound-toggle]", soundButton);
attach("[data-row-group]", rowGroup);

const sheet = document.querySelector("[data-keys]");
const letters = document.querySelector("[data-letters]");
if (sheet instanceof HTMLElement && letters instanceof HTMLInputElement) showSheet(sheet, letters);

document.querySelector("form[action='/sign-out/']")?.addEventListener("submit", destroyDrafts);
