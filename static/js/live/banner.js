// @ts-check
/** The banner that says how far the screen can be trusted: live, delayed, reconnecting, offline. */

/** @typedef {"live" | "delayed" | "reconnecting" | "offline" | "signed-out"} State */

/** @type {Record<State, (time: string) => string>} */
const WORDS = {
  live: () => "",
  delayed: (time) => `Delayed - last update ${time}`,
  reconnecting: (time) => `Reconnecting - last update ${time}`,
  offline: (time) => `Not connected - last update ${time}; what you see may be old`,
  "signed-out": (time) => `Signed out - last update ${time}; sign in again to go on`,
};

/** @param {State} state @param {number} updatedAt milliseconds */
export function showState(state, updatedAt) {
  const banner = document.getElementById("feed-banner") ?? makeBanner();
  const time = new Date(updatedAt).toLocaleTimeString("en-GB");
  const text = WORDS[state](time);
  if (banner.textContent !== text) banner.textContent = text;
  banner.dataset.state = state;
  banner.hidden = state === "live";
}

function makeBanner() {
  const banner = document.createElement("div");
  banner.id = "feed-banner";
  banner.setAttribute("role", "status");
  document.body.prepend(banner);
  return banner;
}
