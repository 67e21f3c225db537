// @ts-check
// Several windows of one desk: a call that is chosen where no call panel stands opens in the window that has one.

import { newId } from "../../lib/commands.js";

const me = newId();
const channel = new BroadcastChannel("heart.board");
/** @type {Set<string>} windows that show calls */
const others = new Set();

/** @param {() => boolean} showsCalls of this window @param {(number: string) => void} open */
export function shareCalls(showsCalls, open) {
  channel.onmessage = ({ data: { is, from, to, number } }) => {
    if (is === "asks" && showsCalls()) tell("shows");
    if (is === "shows") others.add(from);
    if (is === "goes") others.delete(from);
    if (is === "opens" && to === me) open(number);
  };
  addEventListener("pagehide", () => tell("goes"));
  tell("asks");
  if (showsCalls()) tell("shows");
}

/** Open a call in another window; false when none shows calls. @param {string} number */
export function openElsewhere(number) {
  const [to] = others;
  if (to === undefined) return false;
  channel.postMessage({ is: "opens", to, number });
  return true;
}

/** @param {string} is */
function tell(is) {
  channel.postMessage({ is, from: me });
}
