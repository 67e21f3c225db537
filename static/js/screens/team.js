// @ts-check
// A team's phone: every press goes through an outbox, the record is fetched when the feed says it changed.

import { Parts } from "../lib/parts.js";
import { keepPhone } from "../lib/phone.js";
import { sound } from "../lib/sound.js";
import { serverNow } from "../live/clock.js";
import { Forms } from "./team/forms.js";
import { keepRecord } from "./team/kept.js";
import { Location } from "./team/location.js";
import { notifySwitch } from "./team/notify.js";
import { Presses } from "./team/presses.js";

const REPEAT_MS = 10_000;

const team = /** @type {HTMLElement} */ (document.querySelector(".team[data-team]"));
const code = team.dataset.team ?? "";
const user = document.body.dataset.user ?? "";

const forms = new Forms(user, code);
const presses = new Presses(user, code, {
  onAnswered: () => void refresh(),
  onDone: ({ address }) => forms.done(pathOf(address)),
  onRefused: ({ address }, problems) => forms.refuse(pathOf(address), problems),
});
forms.attach(presses);

const place = new Location(code, /** @type {HTMLElement} */ (team.querySelector("[data-location]")), () => now().onSince ?? "");
const record = new Parts(() => presses.address("current/"));

/** What the record says of itself. */
function now() {
  return document.getElementById("team-now")?.dataset ?? {};
}

/** @param {string} address */
function pathOf(address) {
  return address.slice(presses.address("").length);
}

/** The record as it is now; without signal it stays as it was and is tried again. */
async function refresh() {
  const status = await record.refresh();
  if (status === 0 || status >= 500) setTimeout(refresh, 5_000);
}

function keep() {
  const record = document.getElementById("team-now");
  if (record) void keepRecord(user, code, record, serverNow());
}

/** @type {ReturnType<typeof setInterval> | undefined} a new call sounds until the crew acknowledges it */
let calling;

function call() {
  const isNew = Boolean(now().new);
  document.title = isNew ? `New call · ${code}` : `${code} · HEART console`;
  if (isNew && !calling) {
    ring();
    calling = setInterval(ring, REPEAT_MS);
  } else if (!isNew) {
    clearInterval(calling);
    calling = undefined;
  }
}

function ring() {
  sound("high");
  navigator.vibrate?.([300, 100, 300]);
}

document.addEventListener("feed:applied", (event) => {
  const ids = /** @type {string[]} */ (/** @type {CustomEvent} */ (event).detail.ids);
  if (ids.includes("duty")) void refresh();
  if (ids.includes("team-now")) keep();
  presses.show();
  place.follow();
  call();
});

// Other phones open another map.
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[data-map]") : null;
  if (!(link instanceof HTMLAnchorElement) || !/iPhone|iPad/.test(navigator.userAgent)) return;
  link.href = link.href.replace(/^geo:[^?]*\?q=/, "maps:?q=");
});

call();
keep();
void presses.load();
void keepPhone();
void notifySwitch(/** @type {HTMLElement} */ (team.querySelector("[data-notify]")), code, team.dataset.pushKey ?? "");
