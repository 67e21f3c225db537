// @ts-check
// What a team's phone keeps outside its page: a worker that opens the page without a signal.

const SCOPE = "/team/";

/** Let the page open without a signal from now on. */
export async function keepPhone() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/team/sw.js", { scope: SCOPE, updateViaCache: "none" }).catch(() => {});
}

/** At sign-out: the worker, what it keeps, and its subscription to pushes. */
export async function forgetPhone() {
  if (!("serviceWorker" in navigator)) return;
  const worker = await navigator.serviceWorker.getRegistration(SCOPE);
  await worker?.unregister();
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("phone-")).map((name) => caches.delete(name)));
}
