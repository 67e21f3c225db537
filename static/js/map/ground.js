// @ts-check
// What lies still: the agency's layers, and tiles below them where an address is set.

import { store } from "../lib/store.js";

/** @typedef {{properties: {name: string, label?: [number, number]}}} Feature label: latitude, longitude */
/** @typedef {{name: string, kind: string, is_shown: boolean, credit: string, geojson: {features: Feature[]}}} Layer */
/** @typedef {{tiles: {url: string, credit: string}, layers: Layer[]}} Ground */

const L = () => /** @type {any} */ (window).L;

/**
 * Draw the ground, and a switch for each layer; the area that it covers.
 * @param {any} map @param {Ground} ground @param {HTMLElement} switches
 */
export function drawGround(map, ground, switches) {
  const { url, credit } = ground.tiles;
  if (url) L().tileLayer(url, { attribution: inText(credit), maxZoom: 19 }).addTo(map);
  switches.replaceChildren();
  const area = L().latLngBounds([]);
  for (const layer of ground.layers) {
    const drawn = draw(layer);
    if (!drawn.getBounds().isValid()) continue;
    if (layer.kind === "beats") area.extend(drawn.getBounds());
    switches.append(switchOf(map, layer, drawn));
  }
  return area;
}

/** The shapes of a layer, with the names of areas inside them. @param {Layer} layer */
function draw(layer) {
  const shapes = L().geoJSON(layer.geojson, {
    attribution: inText(layer.credit),
    interactive: false,
    style: { className: `map-shape map-${layer.kind}`, weight: 1.5 },
    pointToLayer: (/** @type {Feature} */ feature, /** @type {any} */ at) => mark(layer.kind, feature, at),
  });
  const named = layer.geojson.features.filter((feature) => feature.properties.label);
  const names = named.map((feature) => mark("name", feature, feature.properties.label));
  return L().featureGroup([shapes, ...names]);
}

/** A name at its place; the lists name places too, so nobody needs to reach it. @param {string} kind @param {Feature} feature @param {any} at */
function mark(kind, feature, at) {
  const words = document.createElement("span");
  words.textContent = feature.properties.name;
  const icon = L().divIcon({ className: `map-mark map-mark-${kind}`, html: words, iconSize: null });
  return L().marker(at, { icon, interactive: false, keyboard: false, zIndexOffset: -1000, alt: "" });
}

/** @param {any} map @param {Layer} layer @param {any} drawn */
function switchOf(map, layer, drawn) {
  const label = document.createElement("label");
  const box = document.createElement("input");
  box.type = "checkbox";
  const chosen = store.get(`map.${layer.name}`);
  box.checked = chosen === null ? layer.is_shown : chosen === "on";
  const show = () => (box.checked ? drawn.addTo(map) : drawn.remove());
  box.addEventListener("change", () => {
    store.set(`map.${layer.name}`, box.checked ? "on" : "off");
    show();
  });
  label.append(box, ` ${layer.name}`);
  show();
  return label;
}

/** Leaflet writes attributions as markup; ours are words. @param {string} words */
function inText(words) {
  const text = document.createElement("span");
  text.textContent = words;
  return text.innerHTML;
}
