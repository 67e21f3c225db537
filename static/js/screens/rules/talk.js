// @ts-check
// Requests of the workshop: JSON there, JSON back; a newer question makes the older one moot.

const root = /** @type {HTMLElement} */ (document.querySelector(".rules-panel"));

/** @typedef {{part: string, row: string, pointer: string, detail: string}} Fault */
/** @typedef {{status: number, body: any}} Answer */

/** @param {string} address @param {unknown} body @param {AbortSignal} [signal] @returns {Promise<Answer>} status 0 without an answer */
export async function send(address, body, signal) {
  const limit = AbortSignal.timeout(20_000);
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": root.dataset.token ?? "" },
      body: JSON.stringify(body),
      redirect: "manual",
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    const isJson = (response.headers.get("Content-Type") ?? "").includes("json");
    return { status: response.status, body: isJson ? await response.json() : {} };
  } catch (error) {
    if (signal?.aborted) throw error;
    return { status: 0, body: {} };
  }
}

/**
 * Ask once things have been quiet for a while; only the answer to the newest question is told.
 * @param {number} quiet milliseconds
 * @param {(signal: AbortSignal) => Promise<void>} ask
 */
export function calmly(quiet, ask) {
  let timer = 0;
  let running = new AbortController();
  return (/** @type {number} */ wait = quiet) => {
    clearTimeout(timer);
    running.abort();
    const mine = (running = new AbortController());
    timer = setTimeout(() => ask(mine.signal).catch((error) => {
      if (!mine.signal.aborted) throw error;
    }), wait);
  };
}

/** A copy of a <template data-template="name">. @param {string} name @returns {HTMLElement} */
export function stamp(name) {
  const template = document.querySelector(`template[data-template="${name}"]`);
  if (!(template instanceof HTMLTemplateElement)) throw new Error(`no template ${name}`);
  return /** @type {HTMLElement} */ (/** @type {DocumentFragment} */ (template.content.cloneNode(true)).firstElementChild);
}

/** The one element below another that this names. @template {HTMLElement} T @param {ParentNode} within @param {string} selector @returns {T} */
export function part(within, selector) {
  const found = within.querySelector(selector);
  if (!found) throw new Error(`no ${selector}`);
  return /** @type {T} */ (/** @type {unknown} */ (found));
}
