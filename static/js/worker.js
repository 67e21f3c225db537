// @ts-check
// The worker of a team's phone: keeps the shell of the page, which says nothing about anybody, and shows
// two words when a push comes. Records and presses are none of its business.

/** @type {{version: string, shell: string, files: string[], icon: string}} written by /team/sw.js */
const { version, shell, files, icon } = /** @type {any} */ (self).phone;
/** @type {any} */
const worker = self;
const KEPT = `phone-${version}`;
const PATIENCE_MS = 6_000;

worker.addEventListener("install", (/** @type {any} */ event) => {
  worker.skipWaiting();
  event.waitUntil(keep());
});

async function keep() {
  const cache = await caches.open(KEPT);
  // a redirect is the sign-in page, which is not what is to be kept
  await cache.addAll([shell, ...files].map((address) => new Request(address, { cache: "reload", redirect: "error" })));
}

worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(takeOver()));

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("phone-") && name !== KEPT).map((name) => caches.delete(name)));
  await worker.clients.claim();
}

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { method, mode, url } = event.request;
  if (method !== "GET") return;
  if (mode === "navigate") event.respondWith(page(event.request));
  else if (files.includes(new URL(url).pathname)) event.respondWith(file(event.request));
});

/** The page from the server; the shell when it does not come. @param {Request} request */
async function page(request) {
  const tooLate = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, null));
  const answer = await Promise.race([fetch(request).catch(() => null), tooLate]);
  const kept = answer && answer.status < 500 ? null : await caches.match(shell);
  return kept ?? answer ?? Response.error();
}

/** @param {Request} request */
async function file(request) {
  return (await caches.match(request)) ?? fetch(request);
}

worker.addEventListener("push", (/** @type {any} */ event) => {
  // The same words whatever was sent: a lock screen is read by everybody.
  const look = { tag: "assignment", renotify: true, requireInteraction: true, icon, vibrate: [300, 100, 300] };
  event.waitUntil(worker.registration.showNotification("New assignment", look));
});

worker.addEventListener("notificationclick", (/** @type {any} */ event) => {
  event.notification.close();
  event.waitUntil(open());
});

async function open() {
  const [first] = await worker.clients.matchAll({ type: "window" });
  return first ? first.focus() : worker.clients.openWindow("/team/");
}
