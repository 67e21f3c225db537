// @ts-check
// The shell of a team's phone without a signal: the last record, presses that wait, and a look every few
// seconds whether the console is there again.

import "../../lib/dialogs.js";
import "../../live/clock.js";
import { Forms } from "./forms.js";
import { lastRecord } from "./kept.js";
import { Presses } from "./presses.js";

const LOOK_MS = 4_000;

const record = await lastRecord();
if (record) {
  const fresh = document.createElement("template");
  fresh.innerHTML = record.html;
  document.getElementById("team-now")?.replaceWith(fresh.content);
  say("[data-shell-code]", record.code);
  const seen = new Date(record.at).toLocaleTimeString("en-GB");
  say("[data-shell-words]", `What you see is from ${seen}. What you press is kept here and sent as soon as the console can be reached.`);
  const nothing = () => {};
  const forms = new Forms(record.user, record.code);
  const presses = new Presses(record.user, record.code, { onAnswered: nothing, onRefused: nothing, onDone: nothing });
  forms.attach(presses);
  await presses.load();
}

/** @param {string} place @param {string} words */
function say(place, words) {
  const element = document.querySelector(place);
  if (element) element.textContent = words;
}

/** An open form is not taken away; its page comes back when it is closed. */
async function look() {
  const answer = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(LOOK_MS) }).catch(() => null);
  if (answer?.ok && !document.querySelector("dialog[open]")) location.reload();
}

setInterval(look, LOOK_MS);
addEventListener("online", look);
