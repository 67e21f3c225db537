// @ts-check
// The last record as this phone saw it, encrypted, for the time without a signal. It ends with its run, at
// the sign-in page, and when somebody else signs in; a care plan is not in it.

import { keepDraft, LAST_RECORD, readDraft } from "../../lib/drafts.js";

/** @typedef {{user: string, code: string, html: string, at: number}} Record */

/** @param {string} user @param {string} code @param {Element} now the record on the page @param {number} at */
export function keepRecord(user, code, now, at) {
  const kept = /** @type {Element} */ (now.cloneNode(true));
  for (const plan of kept.querySelectorAll(".team-plan")) plan.replaceChildren("A care plan is there. It is not kept on this phone.");
  return keepDraft(LAST_RECORD, { user, code, html: kept.outerHTML, at }).catch(() => {});
}

/** @returns {Promise<Record | null>} */
export function lastRecord() {
  return readDraft(LAST_RECORD).catch(() => null);
}

/** The run is over. */
export function forgetRecord() {
  return keepDraft(LAST_RECORD, null).catch(() => {});
}
