// @ts-check
// The clinician's desk: accept with one key, end with one key, and a note that is never lost.

import { keepDraft, readDraft } from "../lib/drafts.js";
import { offer } from "../lib/keys.js";
import { Parts } from "../lib/parts.js";
import { sound } from "../lib/sound.js";

const desk = /** @type {HTMLElement} */ (document.querySelector(".desk"));
const owner = document.body.dataset.user ?? "";

const record = new Parts(() => mine()?.dataset.record);
const mine = () => document.getElementById("mine");
const waiting = () => /** @type {HTMLElement[]} */ ([...desk.querySelectorAll("[data-feed-list='queue'] > li")]);

// --- keys ---------------------------------------------------------------------------------------

offer("accept", () => {
  const row = document.activeElement?.closest("[data-feed-list='queue'] > li") ?? waiting()[0];
  const button = row?.querySelector("button");
  if (button === document.activeElement) button?.click();
  else button?.focus(); // the words are read before Enter or a second press acts
});

for (let number = 1; number <= 8; number += 1) {
  offer(`ending-${number}`, () => {
    const button = mine()?.querySelector(`[data-ending="${number}"]`);
    if (button instanceof HTMLElement) button.focus();
  });
}

// --- what others do ---------------------------------------------------------------------------------

document.addEventListener("feed:applied", (event) => {
  const ids = /** @type {string[]} */ (/** @type {CustomEvent} */ (event).detail.ids);
  markOwn();
  announce(ids);
  const consult = mine()?.dataset.consult;
  if (!consult || !ids.includes(`consult-${consult}`)) return;
  const isMine = document.getElementById(`consult-${consult}`)?.dataset.list === "talking";
  if (isMine || mine()?.querySelector(".mine-close")) void record.refresh();
  else refetch(consult); // ended or withdrawn from another screen, or news faster than our own answer
});

/** My call anew, the same one if it is still mine, unless something is typed that would be lost. @param {string} consult */
function refetch(consult) {
  if (mine()?.querySelector("textarea")?.value) return;
  /** @type {any} */ (window).htmx?.ajax("GET", `/desk/mine/?consult=${consult}`, { target: "#mine", swap: "outerHTML" });
}

/** Whoever asked to lower a call cannot agree: the row says so instead of offering buttons. */
function markOwn() {
  for (const row of desk.querySelectorAll("[data-asked-by]")) {
    row.toggleAttribute("data-is-own", row.getAttribute("data-asked-by") === owner);
  }
}

/** @type {Set<string>} waiting calls that have sounded */
const heard = new Set(waiting().map((row) => row.id));

/** @param {string[]} ids */
function announce(ids) {
  const rows = waiting();
  document.title = rows.length ? `(${rows.length}) Clinician desk · HEART console` : "Clinician desk · HEART console";
  for (const row of rows.filter((each) => ids.includes(each.id) && !heard.has(each.id))) {
    sound(Number(row.dataset.level) >= 3 ? "high" : "medium");
    heard.add(row.id);
  }
}

// --- the note ---------------------------------------------------------------------------------------

/** @param {Element} form */
function noteOf(form) {
  const name = `${owner}:${form.getAttribute("data-draft")}`;
  const text = /** @type {HTMLTextAreaElement | null} */ (form.querySelector("textarea"));
  return { name, text, state: form.querySelector("[data-draft-state]") };
}

/** What an earlier visit could not save comes back into the box. @param {ParentNode} root */
async function restore(root) {
  for (const form of root.querySelectorAll("[data-draft]")) {
    const { name, text, state } = noteOf(form);
    const kept = await readDraft(name).catch(() => null);
    if (!text || text.value || !kept) continue;
    text.value = kept;
    if (state) state.textContent = "Not saved yet: kept on this computer.";
  }
}

/** @type {Map<string, ReturnType<typeof setTimeout>>} */
const timers = new Map();

document.addEventListener("input", (event) => {
  const form = event.target instanceof Element ? event.target.closest("[data-draft]") : null;
  if (!form) return;
  const { name, text } = noteOf(form);
  clearTimeout(timers.get(name));
  timers.set(name, setTimeout(() => void keepDraft(name, text?.value || null), 300));
});

document.addEventListener("htmx:afterRequest", (event) => {
  const { detail, target } = /** @type {CustomEvent} */ (event);
  const form = target instanceof HTMLFormElement && target.matches("[data-draft]") ? target : null;
  if (!form) return;
  const { name, text, state } = noteOf(form);
  clearTimeout(timers.get(name));
  if (detail.successful) void keepDraft(name, null);
  else void keepDraft(name, text?.value || null);
  if (state) state.textContent = detail.successful ? "Saved." : "Not saved: kept on this computer.";
});

document.addEventListener("htmx:afterSettle", (event) => {
  const { target, requestConfig } = /** @type {CustomEvent} */ (event).detail;
  if (target instanceof Element && target.id === "mine") begin(requestConfig?.verb === "post");
});

/** A call has come to me, or gone. @param {boolean} byPress my own press moves the focus, a push never does */
function begin(byPress) {
  const place = mine();
  if (!place) return;
  void restore(place);
  const first = place.querySelector(".mine-close input, #clinical-text");
  if (byPress && first instanceof HTMLElement) first.focus({ preventScroll: true });
}

markOwn();
announce([]);
void restore(document);
