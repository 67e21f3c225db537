// @ts-check
// Where this phone is: shared only while its owner is signed on and has switched it on in this shift, with
// the time of the last report beside the switch.

import { press } from "../../lib/http.js";
import { store } from "../../lib/store.js";
import { age, serverNow } from "../../live/clock.js";

const EVERY_MS = 15_000;
const LOOK = { enableHighAccuracy: true, maximumAge: 10_000, timeout: 30_000 };

export class Location {
  /** @type {number | null} */
  watching = null;
  /** @type {GeolocationPosition | null} newest fix that was not sent */
  fix = null;
  triedAt = -Infinity;
  sentAt = 0;
  trouble = "";

  /** @param {string} code @param {HTMLElement} button @param {() => string} shift since when its owner is signed on, else empty */
  constructor(code, button, shift) {
    this.address = `/team/${code}/position/`;
    this.button = button;
    this.shift = shift;
    button.addEventListener("click", () => this.toggle());
    setInterval(() => this.tick(), 1_000);
    this.follow();
  }

  /** Switched on in this shift, not in an earlier one. */
  get isWanted() {
    return this.shift() !== "" && store.get("location") === this.shift();
  }

  toggle() {
    store.set("location", this.isWanted ? "" : this.shift());
    this.follow();
  }

  /** Begin or stop as the shift and the switch say. */
  follow() {
    if (this.isWanted && this.watching === null) {
      this.trouble = "";
      this.watching = navigator.geolocation.watchPosition(
        (fix) => this.take(fix),
        (error) => this.fail(error),
        LOOK,
      );
    } else if (!this.isWanted && this.watching !== null) {
      navigator.geolocation.clearWatch(this.watching);
      this.watching = null;
      this.fix = null;
      this.sentAt = 0;
    }
    this.show();
  }

  /** @param {GeolocationPosition} fix */
  take(fix) {
    this.trouble = "";
    this.fix = fix;
    this.tick();
  }

  /** @param {GeolocationPositionError} error */
  fail(error) {
    this.trouble = error.code === error.PERMISSION_DENIED ? "not allowed by this phone" : "not known at the moment";
    this.show();
  }

  tick() {
    if (this.watching !== null && this.fix && performance.now() - this.triedAt >= EVERY_MS) void this.send(this.fix);
    this.show();
  }

  /** @param {GeolocationPosition} fix */
  async send(fix) {
    this.triedAt = performance.now();
    const fixedAt = serverNow() - Math.max(0, Date.now() - fix.timestamp); // by the server's clock
    const answer = await press(this.address, {
      latitude: String(fix.coords.latitude),
      longitude: String(fix.coords.longitude),
      accuracy: String(fix.coords.accuracy),
      fixed_at: new Date(fixedAt).toISOString(),
    }).catch(() => null);
    if (answer?.ok) {
      this.sentAt = serverNow();
      if (this.fix === fix) this.fix = null;
    }
    this.show();
  }

  show() {
    this.button.hidden = this.shift() === "" || !("geolocation" in navigator);
    const isOn = this.watching !== null;
    this.button.setAttribute("aria-pressed", String(isOn));
    const sent = this.sentAt ? `sent ${age((serverNow() - this.sentAt) / 1000)} ago` : "not sent yet";
    const words = isOn ? `Location on, ${this.trouble || sent}` : "Share location";
    const place = this.button.querySelector("[data-location-words]");
    if (place && place.textContent !== words) place.textContent = words;
  }
}
