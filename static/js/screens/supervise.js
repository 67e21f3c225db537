// @ts-check
// The supervisor's figures: counted by the server every 15 s, their ages by the server's clock.

import { follow, tick } from "../live/clock.js";

function begin() {
  const figures = /** @type {HTMLElement | null} */ (document.getElementById("figures"));
  follow(figures?.dataset.now);
  tick();
}

document.addEventListener("htmx:afterSettle", begin);
begin();
