// @ts-check
// Saves edits of a draft one after the other. Each names the revision that it was made on: who was
// overtaken is told what others did, and nothing is overwritten.

import { part, send } from "./talk.js";

/** @typedef {{isSaved: boolean, status: number, body: any}} Answer */

/**
 * @param {HTMLElement} root
 * @param {(body: any) => void} renewed the rows have changed, by this edit or by somebody else's
 */
export function saving(root, renewed) {
  const banner = part(root, "[data-stale]");
  let revision = Number(root.dataset.revision);
  /** @type {Promise<unknown>} */
  let before = Promise.resolve();

  /** @param {object} edit @returns {Promise<Answer>} */
  return (edit) => {
    const mine = before.then(() => store(edit));
    before = mine.catch(() => null);
    return mine;
  };

  /** @param {object} edit @returns {Promise<Answer>} */
  async function store(edit) {
    const { status, body } = await send(root.dataset.save ?? "", { revision, edit });
    if (body.revision !== undefined) {
      revision = body.revision;
      renewed(body);
    }
    const isSaved = status === 200;
    banner.hidden = isSaved;
    part(root, "[data-said]").textContent = isSaved ? body.said : "";
    if (!isSaved) {
      part(root, "[data-toast]").replaceChildren(); // what could be undone is not what was just tried
      refuse(body);
    }
    return { isSaved, status, body };
  }

  /** @param {any} body */
  function refuse(body) {
    const [fault] = body.errors ?? [];
    const words = fault?.detail ?? body.detail ?? "The console did not accept it, or did not answer: what you typed is kept here.";
    part(banner, "[data-stale-title]").textContent = body.changes ? "Changed meanwhile." : "Not saved.";
    part(banner, "[data-stale-text]").textContent = body.changes
      ? `${body.changes.join(" · ")}. What you typed is kept: look at it, then save again.`
      : `${fault?.row ? `${fault.row}: ` : ""}${words}`;
  }
}
