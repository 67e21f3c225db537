// @ts-check
// What every page has: shortcuts, dialogs, commands, rows, theme. Behaviour is attached by data- attributes.

import { commandLine } from "./lib/command-line.js";
import "./lib/alerts.js";
import "./lib/commands.js";
import "./lib/dialogs.js";
import { lettersToggle, showSheet } from "./lib/keys-sheet.js";
import { forgetShown, keepFor, watchSignOut } from "./lib/leaving.js";
import { roomClock } from "./lib/room.js";
import { rowGroup } from "./lib/rows.js";
import { soundButton } from "./lib/sound.js";
import { themeButton } from "./lib/theme.js";
import "./lib/twins.js";

/** @template {HTMLElement} T @param {string} selector @param {(element: T) => void} attach */
function attach(selector, attach) {
  for (const element of document.querySelectorAll(selector)) attach(/** @type {T} */ (element));
}

attach("[data-room-clock]", roomClock);
attach("[data-theme-toggle]", themeButton);
attach("[data-sound-toggle]", soundButton);
attach("[data-row-group]", rowGroup);

attach("[data-keys]", showSheet);
attach("[data-command-line]", commandLine);

const letters = document.querySelector("[data-letters]");
const said = document.querySelector("[data-keys-said]");
if (letters instanceof HTMLInputElement && said instanceof HTMLElement) lettersToggle(letters, said);

const { user } = document.body.dataset;
if (user) keepFor(user);
if (location.pathname === "/sign-in/") forgetShown(); // a session that ended by itself, too
attach("form[action='/sign-out/']", watchSignOut);
