// @ts-check
/**
 * The map: calls, teams and the agency's own layers, in step with the lists.
 *
 * <div data-map data-points data-units data-ground data-leaflet>, from templates/maps/_map.html.
 *
 * The lists stay primary: the map has one tab stop of its own, a list of what it shows, and a link
 * for each point that does the same as the row. Leaflet is fetched when the map is first to be seen.
 */

import { store } from "../lib/store.js";
import { placeOf } from "../map/ages.js";
import { drawGround } from "../map/ground.js";
import { Pins } from "../map/pins.js";
import { calls, fetchJson, load, take, units } from "../map/points.js";
import { MOST_ROWS, showRows } from "../map/roll.js";

/** @typedef {import("../map/points.js").CallPoint} CallPoint */
/** @typedef {import("../map/points.js").UnitPoint} UnitPoint */
/** @typedef {import("../map/points.js").Place} Place */

const MOST_CALLS = 500;
const UNITS_MS = 10_000;
const AGES_MS = 5_000;
const DRAW_MS = 200;
const UNKNOWN_LEVEL = 2.5; // not triaged is never low
const NAMES_ZOOM = 14; // from here on there is room for the names of places
const still = matchMedia("(prefers-reduced-motion: reduce)");

class CallMap {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.list = this.part("list");
    this.said = this.part("said");
    /** @type {any} */
    this.map = null;
    /** @type {any} */
    this.area = null;
    /** @type {Pins | null} */
    this.pins = null;
    this.isDrawing = false;
    this.isRefreshing = false;
    this.isMovedByHand = false;
    this.isMovedByUs = false;
    this.pointed = "";
  }

  /** @param {string} name @returns {HTMLElement} */
  part(name) {
    return /** @type {HTMLElement} */ (this.root.querySelector(`[data-map-${name}]`));
  }

  // --- beginning -----------------------------------------------------------------------------------

  /** When it is first seen: on a board whose map is hidden nothing is fetched. */
  async begin() {
    const { leaflet = "", ground = "", points = "" } = this.root.dataset;
    const parts = await Promise.all([fetchJson(ground), load(points), script(leaflet)]).catch(() => null);
    this.away(!parts);
    if (!parts) {
      setTimeout(() => this.begin(), UNITS_MS);
      return;
    }
    this.open(parts[0]);
    this.listen();
    this.draw();
  }

  /** @param {import("../map/ground.js").Ground} ground */
  open(ground) {
    this.map = /** @type {any} */ (window).L.map(this.part("ground"), {
      zoomControl: false,
      trackResize: false, // the panel may change its size alone; a ResizeObserver sees both
      inertia: !still.matches,
      zoomSnap: 0.5,
      maxZoom: 19,
      keyboardPanDelta: 80,
    });
    if (still.matches) stand(this.map);
    this.map.attributionControl.setPrefix(false);
    this.pins = new Pins(this.map);
    this.area = drawGround(this.map, ground, this.part("layers"));
    if (!this.area.isValid()) {
      const places = [...calls.values(), ...units.values()].map((point) => this.placeOf(point));
      for (const place of places) if (place) this.area.extend(place);
    }
    this.byUs(() => this.lookAgain() || this.fit());
  }

  listen() {
    const near = () => this.part("ground").toggleAttribute("data-near", this.map.getZoom() >= NAMES_ZOOM);
    this.map.on("zoomend", near);
    near();
    this.map.on("moveend", () => {
      if (!this.isMovedByUs) this.remember();
      this.draw();
    });
    new ResizeObserver(() => this.byUs(() => this.resize())).observe(this.part("ground"));
    this.root.addEventListener("click", (event) => this.press(event), true);
    document.addEventListener("feed:items", (event) => this.hear(/** @type {CustomEvent} */ (event).detail.items));
    document.addEventListener("feed:applied", () => this.mark());
    for (const name of ["focusin", "pointerover"]) {
      document.addEventListener(name, (event) => this.point(idOf(event.target)));
    }
    document.addEventListener("click", (event) => this.bring(idOf(event.target)));
    setInterval(() => void this.refresh(), UNITS_MS);
    setInterval(() => this.draw(), AGES_MS);
  }

  // --- what changes --------------------------------------------------------------------------------

  /** @param {import("../map/points.js").Item[]} items */
  hear(items) {
    if (!take(items)) void this.refresh(true);
    this.draw();
  }

  /** Positions are in no journal: the teams are asked for; without a feed the calls as well. @param {boolean} [all] */
  async refresh(all = !document.querySelector("[data-feed='/ws/board/']")) {
    if (document.hidden || this.isRefreshing) return;
    this.isRefreshing = true;
    const { points = "", units: teams = "" } = this.root.dataset;
    await load(all ? points : teams).then(
      () => this.away(false),
      () => this.away(true),
    );
    this.isRefreshing = false;
    this.draw();
  }

  /** @param {boolean} isAway */
  away(isAway) {
    this.part("away").hidden = !isAway;
  }

  // --- drawing -------------------------------------------------------------------------------------

  /** At most five times a second, however much is pushed. */
  draw() {
    if (this.isDrawing) return;
    this.isDrawing = true;
    setTimeout(() => requestAnimationFrame(() => this.drawNow()), DRAW_MS);
  }

  drawNow() {
    this.isDrawing = false;
    if (!this.map || this.root.closest("[hidden]")) return;
    const isSeen = seenIn(this.map.getBounds());
    const inView = [...calls.values()].filter((call) => isSeen(call.place));
    const shown = this.first(inView);
    const teams = [...units.values()].filter((unit) => placeOf(unit));
    if (this.pins?.draw(shown, teams)) this.draw();
    const near = teams.filter((unit) => isSeen(placeOf(unit)));
    showRows(this.list, [...shown].sort(byLevel), near.sort(byCode));
    this.say(inView.length, shown.length, near.length);
    this.mark();
  }

  /** The highest levels, then the nearest to the middle, when there are too many. @param {CallPoint[]} inView */
  first(inView) {
    if (inView.length <= MOST_CALLS) return inView;
    const away = distanceFrom(this.map.getCenter());
    const weight = (/** @type {CallPoint} */ call) => (call.id === this.pointed ? 5 : (call.level ?? UNKNOWN_LEVEL));
    const ranked = inView.map((call) => ({ call, weight: weight(call), away: away(call.place) }));
    ranked.sort((a, b) => b.weight - a.weight || a.away - b.away);
    return ranked.slice(0, MOST_CALLS).map(({ call }) => call);
  }

  /** @param {CallPoint | UnitPoint} point */
  placeOf(point) {
    return "code" in point ? placeOf(point) : point.place;
  }

  /** @param {number} inView @param {number} shown @param {number} teams */
  say(inView, shown, teams) {
    const placed = [...calls.values()].filter((call) => call.place).length;
    const words = [
      shown < inView ? `${shown} of ${inView} calls here shown, the highest levels and the nearest` : `${inView} of ${placed} calls here`,
    ];
    if (calls.size > placed) words.push(`${calls.size - placed} without a place`);
    write(this.said, words.join(" · "));
    const more = shown + teams - MOST_ROWS;
    const isEmpty = shown + teams === 0;
    const note = isEmpty ? "Nothing on this part of the map." : `and ${more} more calls: come closer to list them`;
    write(this.part("more"), isEmpty || more > 0 ? note : "");
  }

  // --- the same thing in list and map --------------------------------------------------------------

  /** What is pointed at in one is marked in the others. @param {string} id */
  point(id) {
    if (id === this.pointed || (!id && !this.pointed)) return;
    this.pointed = id;
    this.mark();
  }

  mark() {
    const open = document.querySelector("[data-feed-list] a.row[aria-current='true']")?.getAttribute("href");
    for (const { pin } of this.pins?.drawn.values() ?? []) {
      const isOpen = Boolean(open) && pin.getAttribute("href") === open;
      pin.toggleAttribute("data-open", isOpen);
      pin.classList.toggle("is-pointed", pin.dataset.point === this.pointed);
      pin.parentElement?.classList.toggle("is-front", isOpen || pin.dataset.point === this.pointed);
    }
    for (const row of document.querySelectorAll("li.is-pointed")) row.classList.remove("is-pointed");
    if (!this.pointed) return;
    const rows = `[id="${CSS.escape(this.pointed)}"], [data-map-list] > [data-point="${CSS.escape(this.pointed)}"]`;
    for (const row of document.querySelectorAll(rows)) row.classList.add("is-pointed");
  }

  /** What was opened elsewhere is brought into view. @param {string} id */
  bring(id) {
    const point = calls.get(id) ?? units.get(id);
    const place = point && this.placeOf(point);
    if (place && !this.map.getBounds().pad(-0.05).contains(place)) this.map.panTo(place, { animate: !still.matches });
  }

  // --- hand and keyboard ---------------------------------------------------------------------------

  /** @param {MouseEvent} event */
  press(event) {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest(".pin") && this.map.dragging.moved()) {
      event.preventDefault(); // the hand moved the map, it opened nothing
      event.stopPropagation();
    }
    const zoom = target?.closest("[data-map-zoom]")?.getAttribute("data-map-zoom");
    if (zoom) this.map.setZoom(this.map.getZoom() + Number(zoom), { animate: !still.matches });
    if (target?.closest("[data-map-fit]")) this.fit();
  }

  /** A move that nobody made by hand, so that nobody's view is remembered by it. @param {() => void} move */
  byUs(move) {
    this.isMovedByUs = true;
    move();
    this.isMovedByUs = false;
  }

  /** The whole area stays in view until somebody has looked elsewhere. */
  resize() {
    this.map.invalidateSize({ animate: false });
    if (!this.isMovedByHand) this.fit();
  }

  fit() {
    if (this.area.isValid()) this.map.fitBounds(this.area, { animate: false, padding: [8, 8] });
    else this.map.setView([0, 0], 2);
  }

  remember() {
    this.isMovedByHand = true;
    const { lat, lng } = this.map.getCenter();
    // About 100 m: enough to look there again, too little to say at whose door somebody looked.
    store.set("map.view", [lat.toFixed(3), lng.toFixed(3), this.map.getZoom()].join(" "));
  }

  /** Where this desk looked last, unless it looks at nothing that the agency has. */
  lookAgain() {
    const kept = (store.get("map.view") ?? "").split(" ").map(Number);
    if (kept.length !== 3 || kept.some(Number.isNaN) || !this.area.contains([kept[0], kept[1]])) return false;
    this.map.setView([kept[0], kept[1]], kept[2], { animate: false });
    this.isMovedByHand = true;
    return true;
  }
}

/** The point that an element stands for: a row of a list, a pin. @param {EventTarget | null} target */
function idOf(target) {
  const element = target instanceof Element ? target.closest("[data-point], [data-feed-list] > li[id]") : null;
  return element?.getAttribute("data-point") ?? element?.id ?? "";
}

/** Whether a place lies in these bounds. @param {any} bounds @returns {(place: Place | null) => boolean} */
function seenIn(bounds) {
  const [south, west, north, east] = [bounds.getSouth(), bounds.getWest(), bounds.getNorth(), bounds.getEast()];
  return (place) =>
    place !== null && place[0] >= south && place[0] <= north && place[1] >= west && place[1] <= east;
}

/** How far a place is from here, good enough to rank by. @param {{lat: number, lng: number}} here @returns {(place: Place | null) => number} */
function distanceFrom({ lat, lng }) {
  const narrow = Math.cos((lat * Math.PI) / 180);
  return (place) => (place ? (place[0] - lat) ** 2 + ((place[1] - lng) * narrow) ** 2 : Infinity);
}

/** @param {HTMLElement} element @param {string} text */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {CallPoint} a @param {CallPoint} b */
function byLevel(a, b) {
  return (b.level ?? UNKNOWN_LEVEL) - (a.level ?? UNKNOWN_LEVEL) || a.number.localeCompare(b.number);
}

/** @param {UnitPoint} a @param {UnitPoint} b */
function byCode(a, b) {
  return a.code.localeCompare(b.code);
}

/** Keyboard moves without a glide, for those who asked for stillness. @param {any} map */
function stand(map) {
  const glide = map.panBy.bind(map);
  map.panBy = (/** @type {any} */ by, /** @type {any} */ options) => glide(by, { ...options, animate: false });
}

/** Leaflet is no module: it is fetched as the script that it is, once. @param {string} address */
function script(address) {
  // five hundred pins would be five hundred layers of the compositor, each painted by itself
  /** @type {any} */ (window).L_DISABLE_3D = true;
  return new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = address;
    element.onload = resolve;
    element.onerror = reject;
    document.head.append(element);
  });
}

for (const root of document.querySelectorAll("[data-map]")) {
  const map = new CallMap(/** @type {HTMLElement} */ (root));
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    void map.begin();
  });
  seen.observe(root);
}
