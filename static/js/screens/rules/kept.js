// @ts-check
// What is typed and not saved yet, by the name of its row; encrypted in this browser like every draft.

import { keepDraft, readDraft } from "../../lib/drafts.js";

/** @param {string} name of the page that keeps */
export function kept(name) {
  /** @type {Record<string, any>} */
  let rows = {};
  let writing = 0;
  const ready = readDraft(name).then((found) => {
    rows = found ?? {};
  });
  return {
    ready,
    /** @param {string} row */
    get: (row) => rows[row],
    names: () => Object.keys(rows),
    isWriting: () => writing > 0,
    /** Keep a row as it is typed; null forgets it. @param {string} row @param {any} value */
    put(row, value) {
      if (value === null) delete rows[row];
      else rows[row] = value;
      writing += 1;
      keepDraft(name, Object.keys(rows).length ? rows : null).finally(() => (writing -= 1));
    },
  };
}

/** Ask before the page goes while something is still being written down. @param {() => boolean} isBusy */
export function whileBusy(isBusy) {
  addEventListener("beforeunload", (event) => {
    if (isBusy()) event.preventDefault();
  });
}
