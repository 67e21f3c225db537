// @ts-check
/**
 * Long lists of which a page holds only the beginning.
 *
 * <ol data-feed-list="waiting" data-feed-edge="7.20261125…" data-feed-beyond="3-7 9 12-40"
 *     data-feed-rows="/board/rows/?list=waiting"></ol>
 * <button data-feed-more="waiting" hidden>…</button>
 *
 * What stands after the edge in order is counted by its id and not shown; without an edge everything is
 * shown. More rows come when the button comes near: the answer is the next piece of the list, its edge
 * and what is beyond that. What the feed said meanwhile is newer and is applied after it.
 */

/** @typedef {import("./items.js").Item} Item */

const NEAR_PX = 160;
const MOST_ROWS = 320;
const KEPT_ROWS = 80;

/** @type {WeakMap<Element, ListWindow>} */
const windows = new WeakMap();
/** Those for which more rows are on their way. @type {Set<ListWindow>} */
export const awaiting = new Set();

/** The window of a list; undefined when the list is always whole. @param {Element | null} list */
export function windowOf(list) {
  if (!(list instanceof HTMLElement) || list.dataset.feedRows === undefined) return undefined;
  let found = windows.get(list);
  if (!found) {
    found = new ListWindow(list);
    windows.set(list, found);
  }
  return found;
}

/** Every window of the page. */
export function allWindows() {
  const lists = [...document.querySelectorAll("[data-feed-rows]")];
  return /** @type {ListWindow[]} */ (lists.map(windowOf));
}

class ListWindow {
  /** @type {Map<string, Item> | null} what the feed said while more rows are on their way */
  heard = null;
  /** @type {string} */
  edge = "";
  /** @type {Set<string>} */
  beyond = new Set();

  /** @param {HTMLElement} list */
  constructor(list) {
    this.list = list;
    this.take(list);
  }

  /** The edge and what is beyond it, as a rendering of the list says. @param {HTMLElement} list */
  take(list) {
    this.edge = list.dataset.feedEdge ?? "";
    this.beyond = idsIn(list.dataset.feedBeyond ?? "");
    this.wait(null);
  }

  /** Keep what the feed says from now on, or no longer. @param {Map<string, Item> | null} heard */
  wait(heard) {
    this.heard = heard;
    if (heard) awaiting.add(this);
    else awaiting.delete(this);
  }

  /** Whether a row of this order stands outside. @param {string} [order] */
  excludes(order = "") {
    return this.edge !== "" && order > this.edge;
  }

  /** @returns {HTMLElement[]} */
  get rows() {
    return /** @type {HTMLElement[]} */ ([...this.list.querySelectorAll(":scope > [id]")]);
  }

  /** A list that has grown gives its end back, unless it is seen or somebody has it in hand; whether it did.
   * @param {(row: HTMLElement) => boolean} isInHand */
  trim(isInHand) {
    if (this.list.childElementCount <= MOST_ROWS || this.heard) return false;
    const { rows } = this;
    const spare = rows.slice(KEPT_ROWS);
    const isNear = spare[0].getBoundingClientRect().top < 2 * innerHeight;
    if (isNear || spare.some(isInHand)) return false;
    this.edge = rows[KEPT_ROWS - 1].dataset.order ?? "";
    for (const row of spare) {
      this.beyond.add(row.id);
      row.remove();
    }
    return true;
  }

  /** The next piece of the list. @param {(items: Item[]) => void} apply */
  async more(apply) {
    if (this.edge === "" || this.heard) return;
    const heard = new Map();
    this.wait(heard);
    const address = new URL(this.list.dataset.feedRows ?? "", location.href);
    address.searchParams.set("after", this.edge);
    const piece = await fetchPiece(address);
    if (this.heard !== heard) return; // a new snapshot came before it
    this.wait(null);
    if (!piece) return;
    this.edge = piece.edge;
    this.beyond = idsIn(piece.beyond);
    apply([...piece.items, ...heard.values()].map((item) => ({ ...item, isAskedFor: true })));
  }
}

/** @param {URL} address @returns {Promise<{items: Item[], edge: string, beyond: string} | null>} */
async function fetchPiece(address) {
  try {
    const response = await fetch(address, {
      headers: { Accept: "application/json" },
      redirect: "manual",
      signal: AbortSignal.timeout(10_000),
    });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/** "3-7 9" names call-3 … call-7 and call-9. @param {string} ranges */
function idsIn(ranges) {
  /** @type {Set<string>} */
  const ids = new Set();
  for (const range of ranges.split(" ").filter(Boolean)) {
    const [first, last = first] = range.split("-").map(Number);
    for (let id = first; id <= last; id += 1) ids.add(`call-${id}`);
  }
  return ids;
}

/** What scrolls this list. @param {Element} list @returns {Element | null} */
export function scrollerOf(list) {
  return list.closest("[data-scrolls]");
}

/** Bring more rows before the end of a list is reached, and when its button is walked to or pressed.
 * @param {(items: Item[], done: () => void) => void} apply */
export function watchEnds(apply) {
  for (const end of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-feed-more]"))) {
    const shown = windowOf(document.querySelector(`[data-feed-list="${CSS.escape(end.dataset.feedMore ?? "")}"]`));
    if (!shown) continue;
    const bring = () => {
      const last = shown.rows.at(-1);
      void shown.more((items) => apply(items, () => walkOn(end, last)));
    };
    const near = { rootMargin: `${NEAR_PX}px`, scrollMargin: `${NEAR_PX}px` };
    new IntersectionObserver((seen) => seen.some((each) => each.isIntersecting) && bring(), near).observe(end);
    end.addEventListener("focus", bring);
    end.addEventListener("click", bring);
  }
}

/** Whoever walked to the end goes on with the first row that came. @param {HTMLElement} end @param {Element | undefined} last */
function walkOn(end, last) {
  if (document.activeElement !== end) return;
  const next = last?.nextElementSibling?.querySelector("[data-row]");
  if (next instanceof HTMLElement) next.focus();
}
