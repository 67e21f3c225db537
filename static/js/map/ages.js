// @ts-check
// How old the position of a team is, and when that makes it doubtful.

import { serverNow } from "../live/clock.js";

/** @typedef {import("./points.js").UnitPoint} UnitPoint */
/** @typedef {import("./points.js").Place} Place */

const STALE_SECONDS = 120;

/** Where a team is drawn: where its phone last was, else at home. @param {UnitPoint} unit @returns {Place | null} */
export function placeOf(unit) {
  return unit.position?.place ?? unit.home;
}

/**
 * What is known of the place of a team: a short word for the pin, whole words for the list.
 * @param {UnitPoint} unit @returns {{state: "live" | "stale" | "home" | "unknown", short: string, words: string}}
 */
export function ageOf(unit) {
  if (!unit.position) {
    return unit.home
      ? { state: "home", short: "home", words: "no position; shown at home" }
      : { state: "unknown", short: "", words: "no position" };
  }
  const seconds = Math.max(0, (serverNow() - Date.parse(unit.position.seen_at)) / 1000);
  const short = inWords(seconds);
  if (seconds > STALE_SECONDS) return { state: "stale", short: `${short} old`, words: `position ${short} old` };
  return { state: "live", short, words: `position ${short} old` };
}

/** @param {number} seconds */
function inWords(seconds) {
  if (seconds < 60) return `${Math.floor(seconds / 10) * 10} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h`;
}
