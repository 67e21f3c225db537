// @ts-check
/**
 * The live feed of a screen, or of a part of it: every element with data-feed, also when it comes later.
 *
 * <main data-feed="/ws/board/" data-changes="/board/changes/" data-cursor="1-7531-42">
 *
 * The page was rendered at its cursor. The socket continues from there: each message says which
 * cursor it follows ("previous"), so nothing can be missed unseen. Without a socket the same messages
 * are fetched every five seconds, and a banner says so. A "reset" fetches the page (or what data-page
 * names) and takes over its lists.
 */

import { forgetState, showState } from "./banner.js";
import { follow, serverNow } from "./clock.js";
import { hasTypedText } from "./hand.js";
import { adopt, enqueue } from "./items.js";

export { serverNow };

/**
 * @typedef {object} Message
 * @property {"changes" | "beat" | "reset"} type
 * @property {string} [cursor]
 * @property {string} [previous]
 * @property {import("./items.js").Item[]} [items]
 * @property {string} [now]
 * @property {number} [lag]
 */

const SILENCE_MS = 10_500; // two beats of five seconds
const POLL_MS = 5_000;
const LAG_SECONDS = 5;
const BACKOFF_MS = { first: 500, most: 5_000 };

class Feed {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.cursor = root.dataset.cursor ?? "";
    /** @type {WebSocket | null} */
    this.socket = null;
    /** @type {Message[] | null} messages that arrived while a gap is being filled */
    this.inbox = null;
    this.heardAt = performance.now();
    this.updatedAt = serverNow();
    this.polledAt = performance.now();
    this.failures = 0;
    this.isLeaving = false;
    /** @type {import("./banner.js").State} */
    this.state = "live";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.retry = undefined;
    this.end = new AbortController();
    const { signal } = this.end;
    addEventListener("online", () => this.connect(), { signal });
    addEventListener("offline", () => this.show("offline"), { signal });
    addEventListener("pagehide", () => this.leave(), { signal });
    addEventListener("pageshow", (event) => event.persisted && this.comeBack(), { signal });
    this.watching = setInterval(() => this.watch(), 1000);
    this.connect();
  }

  // --- socket ------------------------------------------------------------------------------------

  connect() {
    clearTimeout(this.retry);
    if (this.isLeaving || this.socket) return;
    const address = new URL(this.root.dataset.feed ?? "", location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    address.searchParams.set("after", this.cursor);
    const socket = new WebSocket(address);
    this.socket = socket;
    this.heardAt = performance.now();
    socket.onmessage = (event) => socket === this.socket && this.hear(JSON.parse(event.data));
    socket.onclose = () => socket === this.socket && this.lose();
  }

  lose() {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    if (this.isLeaving) return;
    this.show(navigator.onLine ? "reconnecting" : "offline");
    const wait = Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** this.failures);
    this.failures += 1;
    this.retry = setTimeout(() => this.connect(), wait * (0.5 + Math.random() / 2));
  }

  /** Every second: is the socket silent, is it time to poll? */
  watch() {
    if (!this.root.isConnected) {
      this.finish();
      return;
    }
    const now = performance.now();
    if (this.socket && now - this.heardAt > SILENCE_MS) this.lose();
    if (this.isLeaving || this.state === "live" || this.state === "delayed") return;
    if (now - this.polledAt >= POLL_MS) void this.fetchChanges();
  }

  leave() {
    this.isLeaving = true;
    this.socket?.close();
    this.socket = null;
  }

  /** The feed's part of the page is gone. */
  finish() {
    this.leave();
    this.end.abort();
    clearInterval(this.watching);
    clearTimeout(this.retry);
    forgetState(this);
  }

  comeBack() {
    this.isLeaving = false;
    this.connect();
  }

  // --- messages ----------------------------------------------------------------------------------

  /** A message from the socket. @param {Message} message */
  hear(message) {
    this.heardAt = performance.now();
    this.failures = 0;
    if (this.inbox) this.inbox.push(message);
    else this.take(message);
    if (message.type !== "reset") {
      this.show((message.lag ?? 0) > LAG_SECONDS ? "delayed" : "live");
    }
  }

  /** @param {Message} message */
  take(message) {
    if (this.isLeaving) return; // a new snapshot is on its way
    follow(message.now);
    if (message.type === "reset") {
      void this.fetchPage();
      return;
    }
    const { cursor = "", previous = "", items = [] } = message;
    if (isNewer(previous, this.cursor)) {
      void this.fillGap(message);
      return;
    }
    this.updatedAt = serverNow();
    if (!isNewer(cursor, this.cursor)) return;
    this.cursor = cursor;
    enqueue(items, () => (this.root.dataset.cursor = cursor));
  }

  /** Something between our cursor and this message is missing. @param {Message} message */
  async fillGap(message) {
    this.inbox = [message];
    const isFilled = await this.fetchChanges();
    const kept = this.inbox ?? [];
    this.inbox = null;
    if (isFilled) for (const later of kept) this.take(later);
    else this.lose(); // the socket's own replay fills it
  }

  // --- HTTP --------------------------------------------------------------------------------------

  /** What we missed, by HTTP; whether it could be had. */
  async fetchChanges() {
    this.polledAt = performance.now();
    const address = new URL(this.root.dataset.changes ?? "", location.href);
    address.searchParams.set("after", this.cursor);
    try {
      const response = await fetch(address, {
        headers: { Accept: "application/json" },
        redirect: "manual",
        signal: AbortSignal.timeout(POLL_MS),
      });
      if (response.type === "opaqueredirect" || [401, 403].includes(response.status)) {
        this.signedOut();
        return false;
      }
      if (response.status === 410) this.take({ type: "reset" });
      else if (response.ok) this.take(await response.json());
      else throw new Error(`changes answered ${response.status}`);
      if (!this.socket) this.show("reconnecting");
      return true;
    } catch {
      if (!this.socket) this.show("offline");
      return false;
    }
  }

  /** A new snapshot: the lists of a fresh page, without losing what is typed on this one. */
  async fetchPage() {
    this.leave();
    try {
      const response = await fetch(this.root.dataset.page ?? location.href, {
        redirect: "manual",
        signal: AbortSignal.timeout(POLL_MS),
      });
      if (response.status >= 500) throw new Error(`the page answered ${response.status}`);
      const fresh = response.ok ? this.sameIn(await response.text()) : null;
      if (!fresh) {
        this.signedOut();
        return;
      }
      const cursor = fresh.dataset.cursor ?? "";
      this.cursor = cursor;
      this.inbox = null;
      adopt(this.root, fresh, () => (this.root.dataset.cursor = cursor));
      this.comeBack();
    } catch {
      this.show("offline");
      setTimeout(() => this.fetchPage(), POLL_MS);
    }
  }

  /** This feed's element in another rendering of its page. @param {string} html @returns {HTMLElement | null} */
  sameIn(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    return page.querySelector(`[data-feed="${CSS.escape(this.root.dataset.feed ?? "")}"][data-cursor]`);
  }

  /** The page is no longer ours: the server says where to go, unless typed words would be lost. */
  signedOut() {
    this.leave();
    if (hasTypedText()) this.show("signed-out");
    else location.reload();
  }

  // --- what others see ---------------------------------------------------------------------------

  /** @param {import("./banner.js").State} state */
  show(state) {
    this.state = state;
    showState(this, state, this.updatedAt);
  }
}

/** Whether cursor a stands after cursor b. @param {string} a @param {string} b */
function isNewer(a, b) {
  const [left, right] = [a, b].map((cursor) => cursor.split("-").map(Number));
  for (let i = 0; i < 3; i += 1) {
    if (left[i] !== right[i]) return left[i] > right[i];
  }
  return false;
}

/** @type {WeakSet<Element>} */
const begun = new WeakSet();

/** Follow every feed that is not followed yet. @param {ParentNode} [where] */
export function begin(where = document) {
  for (const root of where.querySelectorAll("[data-feed]")) {
    if (!begun.has(root)) new Feed(/** @type {HTMLElement} */ (root));
    begun.add(root);
  }
}

begin();
document.addEventListener("htmx:load", () => begin());
