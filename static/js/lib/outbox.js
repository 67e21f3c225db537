// @ts-check
// Presses that must arrive although the signal comes and goes. Each has its own id and time, is kept in
// this browser (encrypted, for it may hold what a neighbor said) until the server has answered, goes out
// in order, and can be sent again without acting twice.

import { newId } from "./commands.js";
import { keepDraft, readDrafts } from "./drafts.js";
import { press, renewToken } from "./http.js";
import { serverNow } from "../live/clock.js";

/** @typedef {{id: string, address: string, words: string, at: string, values: Record<string, string>}} Press */
/** @typedef {Record<string, string>} Problems by field; what concerns no field has an empty name */

const RETRY_MS = [2_000, 4_000, 8_000, 15_000];
const OLDEST_MS = 12 * 3_600_000; // what is older, the console would take for a press of now
const LATER = [408, 425, 429]; // as a server that is away: the press itself is not refused
const PREFIX = "outbox.";

/** @param {Press} press */
export function timeOf(press) {
  return new Date(press.at).toLocaleTimeString("en-GB");
}

/** A press in words, with its time. @param {Press} press */
export function inWords(press) {
  return `${press.words} ${timeOf(press)}`;
}

/** Whatever is kept in this browser and not sent. @returns {Promise<Press[]>} */
export function unsent() {
  return readDrafts(PREFIX);
}

export class Outbox {
  /** @type {Press[]} oldest first */
  waiting = [];
  failures = 0;
  isBusy = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer = undefined;
  /** @type {Map<string, Promise<void>>} writes on their way to the disk */
  writing = new Map();

  /**
   * @param {string} name one outbox per person and team
   * @param {string} user whose presses they are
   * @param {object} told
   * @param {() => void} told.onChange the presses that wait are others now
   * @param {(press: Press) => void} told.onDone
   * @param {(press: Press, problems: Problems) => void} told.onRefused
   * @param {(presses: Press[]) => void} told.onTooOld these are not sent any more
   * @param {number[]} [told.pauses] milliseconds before each next try
   */
  constructor(name, user, { onChange, onDone, onRefused, onTooOld, pauses = RETRY_MS }) {
    this.name = `${PREFIX}${name}:`;
    this.user = user;
    this.onChange = onChange;
    this.onDone = onDone;
    this.onRefused = onRefused;
    this.onTooOld = onTooOld;
    this.pauses = pauses;
    addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => document.hidden || this.flush());
  }

  /** What an earlier visit could not send. */
  async load() {
    const kept = /** @type {Press[]} */ (await readDrafts(this.name, Infinity).catch(() => []));
    const known = new Set(this.waiting.map((each) => each.id));
    const all = [...kept.filter((each) => !known.has(each.id)), ...this.waiting];
    this.waiting = all.sort((one, other) => (one.at < other.at ? -1 : 1));
    this.onChange();
    await this.flush();
  }

  /** @param {string} address @param {string} words @param {Record<string, string>} values @param {number} now */
  add(address, words, values, now) {
    const made = { id: newId(), address, words, values, at: new Date(now).toISOString() };
    this.waiting = [...this.waiting, made];
    this.writing.set(made.id, keepDraft(this.name + made.id, made).catch(() => {}));
    this.onChange();
    void this.flush();
  }

  /** @param {Press} sent */
  forget(sent) {
    this.waiting = this.waiting.filter((each) => each.id !== sent.id);
    const written = this.writing.get(sent.id) ?? Promise.resolve();
    this.writing.delete(sent.id);
    void written.then(() => keepDraft(this.name + sent.id, null)).catch(() => {});
    this.onChange();
  }

  /** Send what waits, oldest first, until one does not get through. */
  async flush() {
    clearTimeout(this.timer);
    if (this.isBusy) return;
    this.isBusy = true;
    this.dropOld();
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      const problems = await this.deliver(next).catch(() => null);
      if (problems === null) {
        this.later();
        break;
      }
      this.failures = 0;
      this.forget(next);
      if (Object.keys(problems).length) this.onRefused(next, problems);
      else this.onDone(next);
    }
    this.isBusy = false;
  }

  dropOld() {
    const old = this.waiting.filter((each) => serverNow() - Date.parse(each.at) > OLDEST_MS);
    for (const each of old) this.forget(each);
    if (old.length) this.onTooOld(old);
  }

  /** @param {Press} next @returns {Promise<Problems | null>} empty when done, null to try again */
  async deliver(next) {
    const values = { ...next.values, command_id: next.id, pressed_at: next.at };
    let response = await press(next.address, values);
    if (response.status === 403) {
      const user = await renewToken();
      if (!user) return null; // signed out: until somebody signs in
      if (user !== this.user) return { "": "somebody else is signed in here now" };
      response = await press(next.address, values);
    }
    const { status } = response;
    if (response.type === "opaqueredirect" || status >= 500 || LATER.includes(status)) return null;
    if (response.ok) return {};
    if (status === 403) return { "": "you may not do this" };
    if (status === 404) return { "": "it is not there any more" };
    const body = await response.json().catch(() => ({})); // a fault before our own code answers in HTML
    const fault = { "": `the console answered with fault ${status}` };
    return Object.keys(body.problems ?? {}).length ? body.problems : fault;
  }

  later() {
    this.timer = setTimeout(() => this.flush(), this.pauses[Math.min(this.failures, this.pauses.length - 1)]);
    this.failures += 1;
    this.onChange();
  }
}
