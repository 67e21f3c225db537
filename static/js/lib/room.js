// @ts-check
// The clock of the room, by the server.

import { follow, serverNow } from "../live/clock.js";

/** @param {HTMLElement} place */
export function roomClock(place) {
  follow(document.body.dataset.now);
  const format = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: place.dataset.zone });
  const show = () => {
    place.textContent = format.format(serverNow());
    setTimeout(show, 1000 - (serverNow() % 1000));
  };
  show();
}
