// @ts-check
// The presses of a team's phone: [data-press] at once, [data-hold] after holding. Steps go out in order;
// a cry for help never waits behind a step.

import { watchHolds } from "../../lib/hold.js";
import { inWords, Outbox, timeOf } from "../../lib/outbox.js";
import { toast } from "../../lib/toasts.js";
import { serverNow } from "../../live/clock.js";
import { forgetRecord } from "./kept.js";

/** @typedef {import("../../lib/outbox.js").Press} Press */
/** @typedef {import("../../lib/outbox.js").Problems} Problems */

const URGENT_MS = [1_000, 2_000, 3_000];

export class Presses {
  /** @type {Press | null} a cry for help that was refused, until the console takes a press again */
  lost = null;

  /**
   * @param {string} user @param {string} code
   * @param {object} told
   * @param {() => void} told.onAnswered the server has answered a press
   * @param {(press: Press, problems: Problems) => void} told.onRefused
   * @param {(press: Press) => void} told.onDone
   */
  constructor(user, code, { onAnswered, onRefused, onDone }) {
    this.code = code;
    const told = {
      onChange: () => this.show(),
      onDone: (/** @type {Press} */ sent) => {
        this.lost = null;
        this.show();
        if (sent.address.endsWith("/clear/")) void forgetRecord();
        onAnswered();
        onDone(sent);
        toast(`${sent.words}: done.`, "ok");
      },
      onRefused: (/** @type {Press} */ sent, /** @type {Problems} */ problems) => {
        onAnswered();
        onRefused(sent, problems);
        toast(`${sent.words} was not done: ${Object.values(problems).join("; ")}.`, "late");
      },
      onTooOld: (/** @type {Press[]} */ old) => {
        const count = old.length === 1 ? "1 press was" : `${old.length} presses were`;
        toast(`${count} too old to send: ${old.map(inWords).join(", ")}. Tell dispatch.`, "late");
      },
    };
    this.steps = new Outbox(`${user}.${code}`, user, told);
    this.urgent = new Outbox(`${user}.${code}.urgent`, user, {
      ...told,
      onRefused: (sent, problems) => {
        this.lost = sent;
        this.show();
        told.onRefused(sent, problems);
      },
      pauses: URGENT_MS,
    });
    document.addEventListener("click", (event) => {
      const target = event.target instanceof Element ? event.target : null;
      if (target?.closest("[data-outbox]")) this.flush();
      const button = target?.closest("[data-press]:not([data-hold])");
      if (button instanceof HTMLElement) this.press(button);
    });
    watchHolds((button) => this.press(button));
  }

  /** What an earlier visit could not send. */
  load() {
    return Promise.all([this.urgent.load(), this.steps.load()]);
  }

  flush() {
    void this.urgent.flush();
    void this.steps.flush();
  }

  /** @param {HTMLElement} button */
  press(button) {
    if (button.getAttribute("aria-busy") === "true") return;
    const { press: path = "", words = "", values = "{}" } = button.dataset;
    this.go(path, words, JSON.parse(values), button.hasAttribute("data-urgent"));
  }

  /** @param {string} path @param {string} words @param {Record<string, string>} values @param {boolean} [isUrgent] */
  go(path, words, values, isUrgent = false) {
    (isUrgent ? this.urgent : this.steps).add(this.address(path), words, values, serverNow());
  }

  /** @param {string} path */
  address(path) {
    return `/team/${this.code}/${path}`;
  }

  /** What waits to be sent: said in words, and its button is hollow until the server has answered. */
  show() {
    const waiting = [...this.urgent.waiting, ...this.steps.waiting];
    const failed = (this.urgent.waiting.length && this.urgent.failures) || (this.steps.waiting.length && this.steps.failures);
    const chip = /** @type {HTMLElement} */ (document.querySelector("[data-outbox]"));
    chip.hidden = !failed;
    say("[data-outbox-count]", `${waiting.length} not sent`);
    const list = waiting.map(inWords).join(", ");
    say("[data-outbox-words]", `${list}. Kept here and sent when there is signal; press to try now.`);
    const fallback = /** @type {HTMLElement} */ (document.querySelector("[data-fallback]"));
    const [cry] = this.urgent.waiting;
    if (cry) say("[data-fallback-words]", `${cry.words}, pressed ${timeOf(cry)}, is on its way. No answer yet.`);
    else if (this.lost) say("[data-fallback-words]", `${this.lost.words}, pressed ${timeOf(this.lost)}, was not done.`);
    fallback.hidden = !cry && !this.lost;
    for (const button of document.querySelectorAll("[data-press], [data-form]")) {
      if (waiting.some((each) => this.isOf(button, each))) button.setAttribute("aria-busy", "true");
      else button.removeAttribute("aria-busy");
    }
  }

  /** Whether a press was made with this button. @param {Element} button @param {Press} press */
  isOf(button, press) {
    const path = button.getAttribute("data-press") ?? button.getAttribute("data-path") ?? "";
    const values = button.getAttribute("data-values");
    const isSame = !values || JSON.stringify(press.values) === JSON.stringify(JSON.parse(values));
    return press.address === this.address(path) && isSame;
  }
}

/** @param {string} place @param {string} words */
function say(place, words) {
  const element = document.querySelector(place);
  if (element && element.textContent !== words) element.textContent = words;
}
