// @ts-check
// The pins: one element per call and team, changed in place so that a hand on it loses nothing.

import { ageOf, placeOf } from "./ages.js";

/** @typedef {import("./points.js").CallPoint} CallPoint */
/** @typedef {import("./points.js").UnitPoint} UnitPoint */
/** @typedef {import("./points.js").Place} Place */
/** @typedef {{marker: any, pin: HTMLAnchorElement, circle: any, place: Place, step: number, call?: CallPoint}} Drawn */

const L = () => /** @type {any} */ (window).L;
const NEW_AT_ONCE = 100; // more would hold the screen for longer than a key press may wait
const WIDE_METRES = 40; // a position less sure than this is shown as an area

export class Pins {
  /** @param {any} map */
  constructor(map) {
    this.map = map;
    /** @type {Map<string, Drawn>} */
    this.drawn = new Map();
    /** @type {Map<string, number>} how many of a kind stand at a place already */
    this.crowd = new Map();
  }

  /** Draw exactly these; whether some are left for the next time. @param {CallPoint[]} calls @param {UnitPoint[]} units */
  draw(calls, units) {
    let fresh = 0;
    const shown = new Set([...calls, ...units].map((point) => point.id));
    for (const id of [...this.drawn.keys()]) if (!shown.has(id)) this.remove(id);
    this.crowd.clear();
    for (const unit of units) this.drawUnit(unit);
    for (const call of calls) {
      if (!this.drawn.has(call.id)) fresh += 1;
      if (fresh <= NEW_AT_ONCE || this.drawn.has(call.id)) this.drawCall(call);
    }
    return fresh > NEW_AT_ONCE;
  }

  /** @param {CallPoint} call */
  drawCall(call) {
    const drawn = this.at(call.id, call.place, "call");
    if (drawn.call === call) return;
    drawn.call = call;
    const { pin, marker } = drawn;
    marker.setZIndexOffset(1000 * (call.level ?? 3)); // above teams, the urgent above the rest
    label(pin, `/calls/${call.number}/`, `${call.number} ${call.words}`);
    pin.toggleAttribute("data-team", call.has_team);
    const level = child(pin, "level");
    level.dataset.level = call.level ? String(call.level) : "";
    write(level, call.level ? String(call.level) : "?");
  }

  /** @param {UnitPoint} unit */
  drawUnit(unit) {
    const drawn = this.at(unit.id, placeOf(unit), "unit");
    const age = ageOf(unit);
    const { pin } = drawn;
    label(pin, unit.number ? `/calls/${unit.number}/` : "", `${unit.code} ${unit.letters}, ${age.words}`);
    pin.dataset.kind = unit.kind;
    pin.dataset.status = unit.status;
    pin.dataset.age = age.state;
    write(child(pin, "pin-code"), unit.code);
    const chip = child(pin, "chip");
    chip.dataset.status = unit.status;
    write(chip, unit.letters);
    write(child(pin, "pin-age"), age.short);
    this.circle(drawn, unit);
  }

  /** @param {Drawn} drawn @param {UnitPoint} unit */
  circle(drawn, unit) {
    const metres = unit.position?.accuracy_m ?? 0;
    if (!unit.position || metres < WIDE_METRES) {
      drawn.circle?.remove();
      drawn.circle = null;
      return;
    }
    drawn.circle ??= L()
      .circle(unit.position.place, { className: "map-shape map-accuracy", interactive: false, weight: 1 })
      .addTo(this.map);
    drawn.circle.setLatLng(unit.position.place).setRadius(metres);
  }

  /** The pin of this id at its place. @param {string} id @param {any} place @param {string} kind @returns {Drawn} */
  at(id, place, kind) {
    const drawn = this.drawn.get(id) ?? this.add(id, place, kind);
    if (String(drawn.place) !== String(place)) drawn.marker.setLatLng(place);
    drawn.place = place;
    const spot = `${kind} ${place}`;
    const step = this.crowd.get(spot) ?? 0;
    this.crowd.set(spot, step + 1);
    if (drawn.step !== step) drawn.pin.style.setProperty("--step", String(step));
    drawn.step = step;
    return drawn;
  }

  /** @param {string} id @param {any} place @param {string} kind @returns {Drawn} */
  add(id, place, kind) {
    const pin = document.createElement("a");
    pin.className = `row pin pin-${kind}`;
    pin.dataset.point = id;
    pin.tabIndex = -1;
    pin.draggable = false;
    const icon = L().divIcon({ className: "map-point", html: pin, iconSize: null });
    const marker = L().marker(place, { icon, interactive: false, keyboard: false, alt: "" }).addTo(this.map);
    const drawn = { marker, pin, circle: null, place, step: -1 };
    this.drawn.set(id, drawn);
    return drawn;
  }

  /** @param {string} id */
  remove(id) {
    const drawn = this.drawn.get(id);
    drawn?.marker.remove();
    drawn?.circle?.remove();
    this.drawn.delete(id);
  }
}

/** @param {HTMLAnchorElement} pin @param {string} href @param {string} words */
function label(pin, href, words) {
  if (pin.getAttribute("href") !== href) {
    if (href) pin.setAttribute("href", href);
    else pin.removeAttribute("href");
  }
  if (pin.title !== words) pin.title = words;
}

/** @param {HTMLElement} parent @param {string} name @returns {HTMLElement} */
function child(parent, name) {
  const found = parent.querySelector(`.${name}`);
  if (found instanceof HTMLElement) return found;
  const made = document.createElement("span");
  made.className = name;
  parent.append(made);
  return made;
}

/** @param {HTMLElement} element @param {string} text */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
