// @ts-check
// The switch for pushes: this browser is told "New assignment" also when its page is closed.

import { press } from "../../lib/http.js";
import { toast } from "../../lib/toasts.js";

/** @param {HTMLElement} button @param {string} code @param {string} key the console's public key */
export async function notifySwitch(button, code, key) {
  if (!key || !("serviceWorker" in navigator) || !("PushManager" in window)) return;
  const worker = await navigator.serviceWorker.ready;
  let known = await worker.pushManager.getSubscription();
  const show = () => {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(known !== null));
    const words = button.querySelector("[data-notify-words]");
    if (words) words.textContent = known ? "Notified" : "Notify me";
  };
  const begin = async () => {
    if ((await Notification.requestPermission()) !== "granted") {
      toast("This phone does not allow notifications from here. The page still sounds while it is open.", "late");
      return;
    }
    const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    const { keys = {} } = made.toJSON();
    const answer = await press(`/team/${code}/push/`, {
      endpoint: made.endpoint,
      public_key: keys.p256dh ?? "",
      auth: keys.auth ?? "",
    });
    if (answer.ok) known = made;
    else await made.unsubscribe();
  };
  const end = async (/** @type {PushSubscription} */ old) => {
    await old.unsubscribe();
    known = null;
    await press(`/team/${code}/push/end/`, { endpoint: old.endpoint });
  };
  button.addEventListener("click", async () => {
    await (known ? end(known) : begin()).catch(() => toast("Notifications cannot be reached at the moment.", "late"));
    show();
  });
  show();
}
