// @ts-check
// The strip that says at once whether a version is safe: as saved, or with what is being typed.

import { calmly, part, send } from "./talk.js";

/** Nothing that has the focus hides below the strip, however many lines it has. @param {HTMLElement} strip */
function stayClear(strip) {
  const page = document.documentElement.style;
  new ResizeObserver(() => {
    page.setProperty("--strip", `${strip.offsetHeight}px`);
    page.scrollPaddingTop = `${strip.offsetHeight + 12}px`;
  }).observe(strip);
}

/**
 * @param {HTMLElement} root @param {() => object | null} edit what is typed
 * @param {() => string} name what it is called
 * @returns {(wait?: number) => void} prove again
 */
export function proofStrip(root, edit, name) {
  const body = part(root, "[data-strip-body]");
  const about = part(root, "[data-strip-about]");
  const said = part(root, "[data-strip-said]");
  const address = root.dataset.prove ?? "";
  stayClear(/** @type {HTMLElement} */ (body.closest("section")));

  return calmly(250, async (signal) => {
    const trying = edit();
    body.setAttribute("aria-busy", "true");
    const answer = await send(address, { edit: trying }, signal);
    body.setAttribute("aria-busy", "false");
    if (answer.status !== 200) {
      body.textContent = answer.body.detail ?? "No answer from the console.";
      return;
    }
    const isRead = !answer.body.faults.length;
    about.textContent = !trying ? "As saved" : isRead ? `With ${name()} as typed` : `${name()} cannot be read yet: proven as saved`;
    body.innerHTML = answer.body.html;
    said.textContent = `${about.textContent}: ${answer.body.summary}`;
    body.dataset.safe = isRead ? String(answer.body.safe) : "";
  });
}
