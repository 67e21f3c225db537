// @ts-check
// Who else has this call on the screen, and what they edit. Said every ten seconds, and at once when a
// field is entered; never waited for, and nothing of it is kept.

import { press } from "./http.js";

const EVERY_MS = 10_000;
const SOON_MS = 200;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let soon;
let isAsking = false;

/** @returns {HTMLElement[]} */
function places() {
  return [...document.querySelectorAll("[data-presence]")].map((place) => /** @type {HTMLElement} */ (place));
}

/** The number of the call: the form gets it with its first field. @param {HTMLElement} place */
function numberOf(place) {
  return place.dataset.presence || (place.closest("[data-number]")?.getAttribute("data-number") ?? "");
}

/** @param {HTMLElement} place */
function screenOf(place) {
  if (place.closest("[data-intake]")) return "intake";
  return place.closest(".board") ? "board" : "call";
}

/** The field that is edited: the one with the focus, when it belongs to this call. @param {HTMLElement} place */
function fieldOf(place) {
  const active = document.activeElement;
  const scope = place.closest("[data-intake], [data-call]");
  if (!(active instanceof HTMLElement) || !scope?.contains(active) || !active.matches("input, textarea, select")) return "";
  return active.getAttribute("name") ?? (active.matches("[data-combobox-input]") ? "nature" : "");
}

async function say() {
  clearTimeout(soon);
  if (isAsking || document.hidden) return;
  isAsking = true;
  for (const place of places()) {
    const number = numberOf(place);
    if (!number) continue;
    const said = { screen: screenOf(place), field: fieldOf(place) };
    const response = await press(`/calls/${number}/presence/`, said).catch(() => null);
    const body = response?.ok ? await response.json().catch(() => null) : null;
    show(place, body?.others ?? []);
  }
  isAsking = false;
}

/** @param {HTMLElement} place @param {{name: string, does: string, is_editing: boolean}[]} others */
function show(place, others) {
  const words = others.map((other) => `${other.name} ${other.does}`);
  if (place.dataset.said === words.join("\n")) return;
  place.dataset.said = words.join("\n");
  place.replaceChildren(
    ...others.map((other, at) => {
      const chip = document.createElement("span");
      chip.className = "badge";
      if (other.is_editing) chip.dataset.tone = "soon";
      chip.textContent = words[at];
      return chip;
    }),
  );
}

function leave() {
  for (const place of places()) {
    const number = numberOf(place);
    if (number) void press(`/calls/${number}/presence/`, { screen: screenOf(place), left: "1" }, true).catch(() => {});
  }
}

setInterval(() => void say(), EVERY_MS);
for (const happening of ["focusin", "focusout"]) {
  document.addEventListener(happening, (event) => {
    if (!(event.target instanceof Element) || !event.target.closest("[data-intake], [data-call]")) return;
    clearTimeout(soon);
    soon = setTimeout(() => void say(), SOON_MS);
  });
}
document.addEventListener("visibilitychange", () => void say());
addEventListener("pagehide", leave);
void say();
