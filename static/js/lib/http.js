// @ts-check
// Requests of our own modules: the token from <body hx-headers>, a time limit, no silent redirect.

/** The token that <body> hands to htmx as well. */
function token() {
  return JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";
}

/**
 * Fetch the token anew, which another tab changes by signing in.
 * @returns {Promise<string>} who is signed in in this browser now, empty for nobody
 */
export async function renewToken() {
  const answer = await fetch("/", { cache: "no-store", signal: AbortSignal.timeout(10_000) });
  const { body } = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!answer.ok) throw new Error(`fault ${answer.status}`);
  document.body.setAttribute("hx-headers", body.getAttribute("hx-headers") ?? "{}");
  return body.dataset.user ?? "";
}

/** @param {string} address @param {unknown} body @param {boolean} [isLast] the page is going away */
export function send(address, body, isLast = false) {
  return fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token() },
    body: JSON.stringify(body),
    redirect: "manual",
    keepalive: isLast,
    signal: isLast ? undefined : AbortSignal.timeout(10_000),
  });
}

/** A form-encoded press, as htmx would send it. @param {string} address @param {Record<string, string>} values @param {boolean} [isLast] the page is going away */
export function press(address, values, isLast = false) {
  return fetch(address, {
    method: "POST",
    headers: { "X-CSRFToken": token(), "HX-Request": "true" },
    body: new URLSearchParams(values),
    redirect: "manual",
    keepalive: isLast,
    signal: isLast ? undefined : AbortSignal.timeout(10_000),
  });
}
