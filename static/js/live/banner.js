// @ts-check
/**
 * Says how far the screen can be trusted: a sentence in [data-feed-banner] while it is not live, and
 * one word in [data-feed-state].
 */

/** @typedef {"live" | "delayed" | "reconnecting" | "offline" | "signed-out"} State */

/** From the best to the worst. @type {State[]} */
const STATES = ["live", "delayed", "reconnecting", "offline", "signed-out"];

/** @type {Record<State, (time: string) => string>} */
const SENTENCES = {
  live: () => "",
  delayed: (time) => `Delayed - last update ${time}`,
  reconnecting: (time) => `Reconnecting - last update ${time}`,
  offline: (time) => `Not connected - nothing you do here is saved yet; last update ${time}`,
  "signed-out": (time) => `Signed out - last update ${time}; sign in again to go on`,
};

/** @type {Map<object, {state: State, updatedAt: number}>} */
const feeds = new Map();

/** @param {object} feed @param {State} state @param {number} updatedAt milliseconds */
export function showState(feed, state, updatedAt) {
  const wasLive = feeds.get(feed)?.state === "live";
  feeds.set(feed, { state, updatedAt });
  if (!wasLive || state !== "live") show();
}

/** A feed has ended. @param {object} feed */
export function forgetState(feed) {
  feeds.delete(feed);
  show();
}

/** With several feeds on a page, the worst one speaks. */
function show() {
  const worst = [...feeds.values()].sort((a, b) => STATES.indexOf(b.state) - STATES.indexOf(a.state))[0];
  if (!worst) return;
  const text = SENTENCES[worst.state](new Date(worst.updatedAt).toLocaleTimeString("en-GB", zone()));
  const banner = /** @type {HTMLElement} */ (document.querySelector("[data-feed-banner]") ?? makeBanner());
  banner.hidden = text === "";
  banner.dataset.state = worst.state;
  if (banner.dataset.says !== text) say(banner, text, worst.state);
  for (const chip of document.querySelectorAll("[data-feed-state]")) {
    /** @type {HTMLElement} */ (chip).dataset.feedState = worst.state;
    /** @type {HTMLElement} */ (chip).hidden = false;
    const words = worst.state.replace("-", " ");
    if (chip.textContent !== words) chip.textContent = words;
  }
}

/** @param {HTMLElement} banner @param {string} text @param {State} state */
function say(banner, text, state) {
  banner.dataset.says = text;
  banner.textContent = text;
  document.documentElement.toggleAttribute("data-stale", state === "offline" || state === "signed-out");
  if (state !== "offline") return;
  const print = document.createElement("button");
  print.type = "button";
  print.className = "button";
  print.dataset.size = "s";
  print.textContent = "Print what is shown";
  print.addEventListener("click", () => window.print());
  banner.append(" ", print);
}

/** The agency's own zone, where the page tells it. */
function zone() {
  const timeZone = document.querySelector("[data-zone]")?.getAttribute("data-zone");
  return timeZone ? { timeZone } : {};
}

function makeBanner() {
  const banner = document.createElement("div");
  banner.id = "feed-banner";
  banner.dataset.feedBanner = "";
  banner.setAttribute("role", "status");
  document.body.prepend(banner);
  return banner;
}
