// @ts-check
// Dark, light, or as the system says; kept for this browser.

import { store } from "./store.js";

const ORDER = ["dark", "light", "system"];

/** @param {HTMLElement} button */
export function themeButton(button) {
  const name = button.querySelector("[data-theme-name]");
  const show = () => {
    const now = document.documentElement.dataset.theme ?? "dark";
    const label = `Theme: ${now}. Change`;
    if (name) name.textContent = label;
    button.title = label;
  };
  button.addEventListener("click", () => {
    const now = document.documentElement.dataset.theme ?? "dark";
    const next = ORDER[(ORDER.indexOf(now) + 1) % ORDER.length];
    document.documentElement.dataset.theme = next;
    store.set("theme", next);
    show();
  });
  show();
}
