// @ts-check
// The strip of alerts: sounds until somebody has each of them, and says once, politely or not, what came.
//
// High repeats every ten seconds until it has an owner, medium sounds once and again after half a minute,
// low is only shown. A supervisor's desk sounds for what has come as far as the supervisors.

import { sound } from "./sound.js";

const HIGH_MS = 10_000;
const MEDIUM_AGAIN_MS = 30_000;
const TROUBLE_MS = 60_000;
const BLINK_MS = 500;

/** @type {Map<string, {level: string, soundedAt: number, times: number}>} */
const heard = new Map();

const strip = document.querySelector(".alerts");
const said = document.querySelector("[data-alerts-said]");
const trouble = document.querySelector("[data-trouble]");
let troubleHeardAt = -TROUBLE_MS;
const isSupervisor = (document.body.dataset.can ?? "").split(" ").includes("supervise");

/** @returns {HTMLElement[]} */
function unowned() {
  const all = /** @type {HTMLElement[]} */ ([...(strip?.querySelectorAll("li.alert:not([data-owned])") ?? [])]);
  return isSupervisor ? all.filter((each) => each.hasAttribute("data-supervisors") || isPanic(each)) : all;
}

/** @param {HTMLElement} alert */
function isPanic(alert) {
  return /PANIC/.test(alert.textContent ?? "");
}

function listen() {
  const now = performance.now();
  const present = unowned();
  const ids = new Set(present.map((each) => each.id));
  for (const id of heard.keys()) if (!ids.has(id)) heard.delete(id);
  let loudest = "";
  for (const alert of present) {
    const level = alert.dataset.level ?? "low";
    const known = heard.get(alert.id);
    const isNew = !known || known.level !== level;
    if (isNew) {
      heard.set(alert.id, { level, soundedAt: now, times: 1 });
      if (level === "high") say(alert);
    } else if (!isAgain(known, level, now)) continue;
    else heard.set(alert.id, { level, soundedAt: now, times: known.times + 1 });
    if (level === "high" || (level === "medium" && loudest === "")) loudest = level;
  }
  if (loudest === "" && isSupervisor && trouble?.querySelector("[data-tone='late']") && now - troubleHeardAt >= TROUBLE_MS) {
    troubleHeardAt = now;
    loudest = "medium";
  }
  if (loudest === "high" || loudest === "medium") sound(loudest);
  title(present.filter((each) => each.dataset.level === "high").length);
}

/** @param {{soundedAt: number, times: number}} known @param {string} level @param {number} now */
function isAgain(known, level, now) {
  if (level === "high") return now - known.soundedAt >= HIGH_MS;
  return level === "medium" && known.times < 2 && now - known.soundedAt >= MEDIUM_AGAIN_MS;
}

/** @param {HTMLElement} alert */
function say(alert) {
  if (said) said.textContent = alert.querySelector(".alert-words")?.textContent ?? "";
}

/** @param {number} count */
function title(count) {
  const bare = document.title.replace(/^\(!\d*\) /, "");
  const wanted = count ? `(!${count}) ${bare}` : bare;
  if (document.title !== wanted) document.title = wanted;
}

/** By hand: each running animation would be a layer of the compositor, and the page would never rest. */
function blink() {
  const isUnowned = strip?.querySelector("li.alert[data-level='high']:not([data-owned])") != null;
  strip?.toggleAttribute("data-dim", isUnowned && !strip.hasAttribute("data-dim"));
}

if (strip) {
  void import("../live/feed.js"); // the strip is live on pages that follow nothing else
  document.addEventListener("feed:applied", listen);
  setInterval(listen, 1000);
  setInterval(blink, BLINK_MS);
  listen();
}
