// @ts-check
// What this browser keeps is for one person: it ends when they sign out, it is shown to nobody at the
// sign-in page, and it is destroyed when somebody else signs in.

import { destroyDrafts, dropDraft, LAST_RECORD } from "./drafts.js";
import { inWords, unsent } from "./outbox.js";
import { forgetPhone } from "./phone.js";
import { store } from "./store.js";

const PATIENCE_MS = 1_000;

/** Signing out destroys what is kept; with presses that are not sent it takes a second press. @param {HTMLFormElement} form */
export function watchSignOut(form) {
  let said = "";
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const tooLate = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, []));
    const waiting = /** @type {import("./outbox.js").Press[]} */ (await Promise.race([unsent(), tooLate]).catch(() => []));
    const list = waiting.map(inWords).join(", ");
    if (list && list !== said) {
      said = list;
      const [count, them] = waiting.length === 1 ? ["1 press is", "it"] : [`${waiting.length} presses are`, "them"];
      warn(`${count} not sent: ${list}. Signing out destroys ${them}. To sign out all the same, press again.`);
      return;
    }
    destroyDrafts();
    store.forget("map.view");
    void forgetPhone();
    form.submit();
  });
}

/** @param {string} words in the bar, where they do not cover the button that is pressed again */
function warn(words) {
  const place = /** @type {HTMLElement} */ (document.querySelector("[data-sign-out-warning]"));
  place.textContent = words;
  place.hidden = false;
}

/** Nobody is signed in. What waits to be sent stays sealed, for its owner may come back. */
export function forgetShown() {
  store.forget("map.view");
  void dropDraft(LAST_RECORD).catch(() => {});
  void forgetPhone();
}

/** @param {string} user who is signed in */
export function keepFor(user) {
  const owner = store.get("owner");
  if (owner && owner !== user) {
    destroyDrafts();
    store.forget("map.view");
  }
  store.set("owner", user);
}
