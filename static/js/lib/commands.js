// @ts-check
// Each press of a button is one command with its own id, so that a double click or a retry after a lost
// answer cannot act twice. The id lives on the element until the server has answered.

import { toast } from "./toasts.js";

/** A random id, also where the page is not served from a secure origin. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** @type {WeakMap<Element, string>} */
const pending = new WeakMap();

document.addEventListener("htmx:configRequest", (event) => {
  const { detail, target } = /** @type {CustomEvent} */ (event);
  if (detail.verb === "get" || !(target instanceof Element)) return;
  const id = pending.get(target) ?? newId();
  pending.set(target, id);
  detail.parameters["command_id"] = id;
});

document.addEventListener("htmx:afterRequest", (event) => {
  const { detail, target } = /** @type {CustomEvent} */ (event);
  const status = detail.xhr?.status ?? 0;
  if (status > 0 && status !== 503 && target instanceof Element) pending.delete(target);
  if (status >= 200 && status < 300 && detail.requestConfig?.verb !== "get" && target instanceof Element) {
    const dialog = target.closest("dialog");
    if (dialog instanceof HTMLDialogElement) dialog.close();
    if (target instanceof HTMLFormElement) target.reset();
  }
});

// A button may vanish with the press that it made: the focus then goes to the part it stood in.
let pressedPart = "";
document.addEventListener("htmx:beforeRequest", (event) => {
  pressedPart = event.target instanceof Element ? (event.target.closest("[data-part]")?.id ?? "") : "";
});
document.addEventListener("htmx:afterSettle", () => {
  if (!pressedPart || document.activeElement !== document.body) return;
  document.getElementById(pressedPart)?.focus({ preventScroll: true });
  pressedPart = "";
});

document.addEventListener("keydown", (event) => {
  const isSubmit = event.key === "Enter" && (event.ctrlKey || event.metaKey);
  if (!isSubmit || !(event.target instanceof HTMLTextAreaElement)) return;
  if (!event.target.hasAttribute("data-submit-on-enter")) return;
  event.preventDefault();
  event.target.form?.requestSubmit();
});

document.addEventListener("htmx:sendError", () => notSaved("The console cannot be reached."));
document.addEventListener("htmx:timeout", () => notSaved("The console did not answer in time."));
document.addEventListener("htmx:responseError", (event) => {
  const status = /** @type {CustomEvent} */ (event).detail.xhr.status;
  if (status === 503) notSaved("The database is away.");
  else if (status === 403) toast("Your role may not do this, or your session ended. Nothing was changed.", "late");
  else if (status === 404) toast("It is not there any more. Nothing was changed.", "late");
  else toast(`The console answered with fault ${status}. Look before you repeat it.`, "late");
});

/** @param {string} why */
function notSaved(why) {
  toast(`Not done: ${why} What you typed is still here; press again, it cannot happen twice.`, "late");
}

// The server says what it did, or why it refused, in a header; the fragments come beside it.
document.addEventListener("heart:said", (event) => {
  const { text, tone } = /** @type {CustomEvent} */ (event).detail;
  toast(text, tone);
});
// Refusals name the field of the form they are about.
document.addEventListener("heart:refused", (event) => {
  const { detail, target } = /** @type {CustomEvent} */ (event);
  const form = target instanceof Element ? target.closest("form") : null;
  const left = { ...detail.problems };
  for (const place of form?.querySelectorAll("[data-problem]") ?? []) {
    const name = place.getAttribute("data-problem") ?? "";
    place.textContent = left[name] ?? "";
    const field = form?.querySelector(`[name="${name}"]`);
    if (left[name]) field?.setAttribute("aria-invalid", "true");
    else field?.removeAttribute("aria-invalid");
    delete left[name];
  }
  const rest = Object.values(left).join("; ");
  const place = form?.querySelector("[data-problem-rest]");
  if (place) place.textContent = rest;
  else if (rest) toast(rest, "late");
  const first = form?.querySelector("[aria-invalid='true']");
  if (first instanceof HTMLElement) first.focus();
});
