// @ts-check
// Presses that must arrive although the signal comes and goes. Each has its own id and time, is kept in
// this browser until the server has answered, goes out in order, and can be sent again without acting twice.

import { newId } from "./commands.js";
import { press } from "./http.js";
import { store } from "./store.js";

/** @typedef {{id: string, address: string, words: string, at: string, values: Record<string, string>}} Press */

const RETRY_MS = [2_000, 4_000, 8_000, 15_000];

export class Outbox {
  failures = 0;
  isBusy = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer = undefined;

  /**
   * @param {string} name one outbox per person and team
   * @param {object} told
   * @param {() => void} told.onChange the number of presses that wait has changed
   * @param {(press: Press) => void} told.onDone
   * @param {(press: Press, why: string) => void} told.onRefused
   */
  constructor(name, { onChange, onDone, onRefused }) {
    this.name = `outbox.${name}`;
    this.onChange = onChange;
    this.onDone = onDone;
    this.onRefused = onRefused;
    addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => document.hidden || this.flush());
  }

  /** @returns {Press[]} */
  get waiting() {
    return JSON.parse(store.get(this.name) ?? "[]");
  }

  /** @param {Press[]} presses */
  keep(presses) {
    store.set(this.name, JSON.stringify(presses));
    this.onChange();
  }

  /** @param {string} address @param {string} words @param {Record<string, string>} values @param {number} now */
  add(address, words, values, now) {
    this.keep([...this.waiting, { id: newId(), address, words, values, at: new Date(now).toISOString() }]);
    void this.flush();
  }

  /** Send what waits, oldest first, until one does not get through. */
  async flush() {
    clearTimeout(this.timer);
    if (this.isBusy) return;
    this.isBusy = true;
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      const why = await this.deliver(next).catch(() => null);
      if (why === null) {
        this.later();
        break;
      }
      this.failures = 0;
      const sent = next;
      this.keep(this.waiting.filter((each) => each.id !== sent.id));
      if (why) this.onRefused(sent, why);
      else this.onDone(sent);
    }
    this.isBusy = false;
  }

  /** @param {Press} next @returns {Promise<string | null>} empty when done, words when refused, null to try again */
  async deliver(next) {
    const values = { ...next.values, command_id: next.id, pressed_at: next.at };
    const response = await press(next.address, values);
    if (response.type === "opaqueredirect" || response.status === 403 || response.status >= 500) return null;
    if (response.ok) return "";
    if (response.status === 404) return "it is not there any more";
    const body = await response.json();
    return Object.values(body.problems ?? {}).join("; ") || `the console answered with fault ${response.status}`;
  }

  later() {
    this.timer = setTimeout(() => this.flush(), RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)]);
    this.failures += 1;
    this.onChange();
  }
}
