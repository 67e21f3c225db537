// @ts-check
// One line that says what happened and goes after 5 s; a refusal stays until it is dismissed.

/** @param {string} text @param {"info" | "ok" | "late"} [tone] */
export function toast(text, tone = "info") {
  const place = document.querySelector("[data-toasts]");
  const template = document.querySelector("[data-toast-template]");
  if (!place || !(template instanceof HTMLTemplateElement)) return;
  const fragment = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const element = /** @type {HTMLElement} */ (fragment.firstElementChild);
  element.dataset.tone = tone;
  const words = element.querySelector("[data-text]");
  if (words) words.textContent = text;
  element.querySelector("[data-dismiss]")?.addEventListener("click", () => element.remove());
  while (place.childElementCount > 2) place.firstElementChild?.remove();
  place.append(fragment);
  if (tone !== "late") setTimeout(() => element.remove(), 5000);
}
