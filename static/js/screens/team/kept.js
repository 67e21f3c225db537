// @ts-check
// The last record as this phone saw it, encrypted, for the time without a signal.

import { keepDraft, readDraft } from "../../lib/drafts.js";

const NAME = "team.last";

/** @typedef {{user: string, code: string, html: string, at: number}} Record */

/** @param {Record} record */
export function keepRecord(record) {
  return keepDraft(NAME, record).catch(() => {});
}

/** @returns {Promise<Record | null>} */
export function lastRecord() {
  return readDraft(NAME).catch(() => null);
}
