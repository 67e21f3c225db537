// @ts-check
/**
 * The server's clock, and every <time> on the screen that counts.
 *
 * data-since="ISO"  shows an age: 3:07, 1 h 12, 2 d 3 h
 * data-due="ISO"    shows what is left: in 47 h 12 min, in 45 s, 2 min over
 *   with data-about  it is a guess: in about 14 min, any moment
 * data-soon-seconds / data-over-seconds  set data-state to ok, soon or over. For an age both are
 *   ages; for a due time "soon" is what is left, and it is over when nothing is. A row bears the state of
 *   its due time as data-time, unless that stands aside (data-aside).
 */

const started = Date.now() - performance.now();
let offset = started;

/** The time on the server, in milliseconds. */
export function serverNow() {
  return offset + performance.now();
}

/** Follow the server's clock. @param {string | undefined} iso */
export function follow(iso) {
  const server = Date.parse(iso ?? "");
  if (!Number.isNaN(server)) offset = server - performance.now();
}

/** @param {number} seconds */
export function age(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [days, hours, minutes] = parts(whole);
  if (days) return `${days} d ${hours} h`;
  if (hours) return `${hours} h ${two(minutes)}`;
  return `${minutes}:${two(whole % 60)}`;
}

/** @param {number} seconds left; negative when over */
export function left(seconds) {
  const whole = Math.floor(Math.abs(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  let words = `${whole} s`;
  if (hours) words = `${hours} h ${minutes} min`;
  else if (whole >= 60) words = `${minutes} min`;
  return seconds < 0 ? `${words} over` : `in ${words}`;
}

/** @param {number} seconds left until something that nobody knows exactly */
export function guess(seconds) {
  return seconds < 60 ? "any moment" : left(seconds).replace("in ", "in about ");
}

/** Bring every counting <time> below root up to date. @param {ParentNode} [root] */
export function tick(root = document) {
  const now = serverNow();
  for (const element of root.querySelectorAll("time[data-since], time[data-due]")) {
    show(/** @type {HTMLElement} */ (element), now);
  }
}

/** @param {HTMLElement} element @param {number} now */
function show(element, now) {
  const { since, due, soonSeconds, overSeconds } = element.dataset;
  const seconds = (since ? now - Date.parse(since) : Date.parse(due ?? "") - now) / 1000;
  if (Number.isNaN(seconds)) return;
  const text = since ? age(seconds) : "about" in element.dataset ? guess(seconds) : left(seconds);
  if (element.textContent !== text) element.textContent = text;
  const soon = Number(soonSeconds ?? Number.NaN);
  const over = Number(overSeconds ?? Number.NaN);
  const state = since ? grade(seconds >= over, seconds >= soon) : grade(seconds < 0, seconds <= soon);
  if (element.dataset.state === state) return;
  element.dataset.state = state;
  if (due && element.dataset.aside === undefined) element.closest(".row")?.setAttribute("data-time", state);
}

/** @param {boolean} isOver @param {boolean} isSoon */
function grade(isOver, isSoon) {
  if (isOver) return "over";
  return isSoon ? "soon" : "ok";
}

/** @param {number} seconds */
function parts(seconds) {
  return [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
}

/** @param {number} number */
function two(number) {
  return String(number).padStart(2, "0");
}

tick();
setInterval(tick, 1000, document);
document.addEventListener("feed:applied", (event) => {
  const { ids } = /** @type {CustomEvent} */ (event).detail;
  const changed = ids.map((/** @type {string} */ id) => document.getElementById(id));
  for (const element of ids.length ? changed : [document]) if (element) tick(element);
});
document.addEventListener("htmx:load", (event) => tick(/** @type {any} */ (event.target)));
