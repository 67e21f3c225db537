// @ts-check
// The parts of a record, fetched anew when the feed says that it changed; put in place by id, without
// disturbing the focus, a selection or what is typed beside them.

import { enqueue } from "../live/items.js";

export class Parts {
  isFetching = false;
  isStale = false;

  /** @param {() => string | undefined} address where the parts are now; undefined when nothing is open */
  constructor(address) {
    this.address = address;
  }

  /** One fetch at a time; a change that arrives meanwhile is fetched after it. @returns {Promise<number>} the status, 0 without an answer */
  async refresh() {
    const address = this.address();
    if (!address) return 204;
    if (this.isFetching) {
      this.isStale = true;
      return 202;
    }
    this.isFetching = true;
    const response = await fetch(address, {
      headers: { "HX-Request": "true" },
      redirect: "manual",
      signal: AbortSignal.timeout(10_000),
    }).catch(() => null);
    const text = response?.ok ? await response.text().catch(() => null) : null;
    this.isFetching = false;
    if (text !== null && address === this.address()) put(text);
    if (this.isStale) {
      this.isStale = false;
      return this.refresh();
    }
    return text === null && response?.ok ? 0 : (response?.status ?? 0);
  }
}

/** @param {string} html */
function put(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  enqueue([...template.content.children].map((part) => ({ id: part.id, html: part.outerHTML })));
}
