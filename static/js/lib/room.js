// @ts-check
// The clock of the room, by the server, and whether the screen is live.

import { serverNow } from "../live/clock.js";

/** @param {HTMLElement} place */
export function roomClock(place) {
  const format = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: place.dataset.zone });
  const show = () => {
    place.textContent = format.format(serverNow());
    setTimeout(show, 1000 - (serverNow() % 1000));
  };
  show();
}

/** @param {HTMLElement} place */
export function feedState(place) {
  const main = document.querySelector("main");
  if (!main) return;
  const show = () => {
    const state = main.dataset.feedState;
    place.hidden = !state;
    place.dataset.feedState = state ?? "";
    place.textContent = (state ?? "").replace("-", " ");
  };
  new MutationObserver(show).observe(main, { attributes: true, attributeFilter: ["data-feed-state"] });
  show();
}
