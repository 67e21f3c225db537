// @ts-check
// A team's phone: every press goes through the outbox, the record is fetched when the feed says it changed.

import { Outbox } from "../lib/outbox.js";
import { Parts } from "../lib/parts.js";
import { sound } from "../lib/sound.js";
import { toast } from "../lib/toasts.js";
import { serverNow } from "../live/clock.js";

const team = /** @type {HTMLElement} */ (document.querySelector(".team"));
const code = team.dataset.team ?? "";
const chip = /** @type {HTMLElement} */ (team.querySelector("[data-outbox]"));
const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("dialog-clear"));

const outbox = new Outbox(`${document.body.dataset.user}.${code}`, {
  onChange: show,
  onDone: (sent) => {
    void refresh();
    toast(`${sent.words}: done.`, "ok");
  },
  onRefused: (sent, why) => {
    void refresh();
    toast(`${sent.words} was not done: ${why}.`, "late");
  },
});

/** @param {string} path @param {string} words @param {Record<string, string>} values */
function go(path, words, values) {
  outbox.add(`/team/${code}/${path}`, words, values, serverNow());
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest("[data-outbox]")) void outbox.flush();
  const clearing = target?.closest("[data-clear]");
  if (clearing instanceof HTMLElement) dialog.dataset.path = clearing.dataset.clear;
  const button = target?.closest("[data-press]");
  if (!(button instanceof HTMLElement) || button.getAttribute("aria-busy") === "true") return;
  const { press: path = "", words = "", values = "{}" } = button.dataset;
  go(path, words, JSON.parse(values));
});

dialog.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const values = Object.fromEntries(new FormData(form));
  go(dialog.dataset.path ?? "", "Clear", /** @type {Record<string, string>} */ (values));
  form.reset();
});

/** What waits to be sent: said in words, and its button is hollow until the server has answered. */
function show() {
  const waiting = outbox.waiting;
  chip.hidden = waiting.length === 0 || outbox.failures === 0;
  const count = chip.querySelector("[data-outbox-count]");
  const words = chip.querySelector("[data-outbox-words]");
  if (count) count.textContent = `${waiting.length} not sent`;
  const list = waiting.map((each) => `${each.words} ${new Date(each.at).toLocaleTimeString("en-GB")}`);
  if (words) words.textContent = `${list.join(", ")}. Kept here and sent when there is signal; press to try now.`;
  for (const button of team.querySelectorAll("[data-press], [data-clear]")) {
    const path = button.getAttribute("data-press") ?? button.getAttribute("data-clear");
    const waits = waiting.some(
      (each) => each.address === `/team/${code}/${path}` && isSame(each.values, button.getAttribute("data-values")),
    );
    if (waits) button.setAttribute("aria-busy", "true");
    else button.removeAttribute("aria-busy");
  }
}

/** @param {Record<string, string>} sent @param {string | null} values */
function isSame(sent, values) {
  return !values || JSON.stringify(sent) === JSON.stringify(JSON.parse(values));
}

const record = new Parts(() => `/team/${code}/current/`);

/** The record as it is now; without signal it stays as it was and is tried again. */
async function refresh() {
  const status = await record.refresh();
  if (status === 0 || status >= 500) setTimeout(refresh, 5_000);
}

document.addEventListener("feed:applied", (event) => {
  const ids = /** @type {string[]} */ (/** @type {CustomEvent} */ (event).detail.ids);
  if (ids.includes("duty")) void refresh();
  show();
  call();
});

/** @type {ReturnType<typeof setInterval> | undefined} a new call sounds until the crew presses */
let calling;

function call() {
  const isNew = document.getElementById("team-now")?.dataset.status === "dispatched";
  document.title = isNew ? `New call · ${code}` : `${code} · HEART console`;
  if (isNew && !calling) {
    sound("high");
    calling = setInterval(() => sound("high"), 10_000);
  } else if (!isNew) {
    clearInterval(calling);
    calling = undefined;
  }
}

show();
call();
void outbox.flush();
