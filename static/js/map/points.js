// @ts-check
// The points of the map by their ids: fetched once, then kept right by the board's feed.

import { follow } from "../live/clock.js";

/** @typedef {[number, number]} Place latitude and longitude, as Leaflet has it */
/**
 * @typedef {object} CallPoint
 * @property {string} id
 * @property {string} number
 * @property {Place | null} place
 * @property {number | null} level
 * @property {string} words
 * @property {boolean} has_team
 */
/** @typedef {{place: Place, accuracy_m: number | null, seen_at: string}} Position */
/**
 * @typedef {object} UnitPoint
 * @property {string} id
 * @property {string} code
 * @property {string} kind
 * @property {string} status
 * @property {string} letters
 * @property {string} number
 * @property {Place | null} home
 * @property {Position | null} position
 */
/** @typedef {import("../live/items.js").Item} Item */

const PATIENCE_MS = 8_000;

/** @type {Map<string, CallPoint>} */
export const calls = new Map();
/** @type {Map<string, UnitPoint>} */
export const units = new Map();

/** @param {string} address */
export async function fetchJson(address) {
  const response = await fetch(address, {
    headers: { Accept: "application/json" },
    redirect: "manual",
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  return response.json();
}

/** Everything, or the teams alone. @param {string} address */
export async function load(address) {
  const { now, calls: all, units: teams } = await fetchJson(address);
  follow(now);
  if (all) fill(calls, all);
  fill(units, teams);
}

/** @template {{id: string}} T @param {Map<string, T>} points @param {T[]} rows */
function fill(points, rows) {
  points.clear();
  for (const row of rows) points.set(row.id, row);
}

/** Take over what was pushed; false when an item does not say enough. @param {Item[]} items */
export function take(items) {
  return items.map(takeOne).every(Boolean);
}

/** @param {Item} item */
function takeOne({ id, html, data, isBeyond }) {
  const points = /** @type {Map<string, any> | null} */ (
    id.startsWith("call-") ? calls : id.startsWith("unit-") ? units : null
  );
  if (!points || id.startsWith("call-part-")) return true;
  if (isBeyond) return false;
  if (!html) {
    points.delete(id);
    return true;
  }
  if (!data || !("number" in data)) return false;
  points.set(id, { position: null, ...points.get(id), ...data, id });
  return true;
}
