// @ts-check
// What could not be saved yet, kept in this browser so that a reload loses nothing. It is encrypted with
// a key that cannot be read out, and key and drafts are destroyed at sign-out: nothing stands in plain
// text on the disk of a shared position.

const DATABASE = "heart-drafts";
const HOURS = 12;
/** The name of what a team's phone shows without a signal. */
export const LAST_RECORD = "team.last";

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function open() {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("keys");
    request.result.createObjectStore("drafts");
  };
  return done(request);
}

/** @param {IDBDatabase} database @returns {Promise<CryptoKey>} */
async function keyOf(database) {
  const found = await done(database.transaction("keys").objectStore("keys").get("draft"));
  if (found) return found;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await done(database.transaction("keys", "readwrite").objectStore("keys").put(made, "draft"));
  return made;
}

/** Keep a draft under a name; null forgets it. @param {string} name @param {unknown} draft */
export async function keepDraft(name, draft) {
  if (!globalThis.crypto?.subtle) return; // not a secure origin: the page's memory has to do
  const database = await open();
  try {
    if (draft === null) {
      await done(database.transaction("drafts", "readwrite").objectStore("drafts").delete(name));
      return;
    }
    const key = await keyOf(database);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(draft));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain);
    const row = { iv, sealed, at: Date.now() };
    const writing = database.transaction("drafts", "readwrite", { durability: "strict" });
    writing.objectStore("drafts").put(row, name);
    await new Promise((resolve, reject) => {
      writing.oncomplete = resolve;
      writing.onabort = () => reject(writing.error);
    });
  } finally {
    database.close();
  }
}

/** Forget a draft if there is one; no database is made in order to forget. @param {string} name */
export async function dropDraft(name) {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.transaction?.abort();
  const database = await done(request).catch(() => null);
  if (!database) return;
  await done(database.transaction("drafts", "readwrite").objectStore("drafts").delete(name)).finally(() => database.close());
}

/** The draft kept under a name, or null. @param {string} name @param {number} [hours] an older one is none @returns {Promise<any>} */
export async function readDraft(name, hours = HOURS) {
  if (!globalThis.crypto?.subtle) return null;
  const database = await open();
  try {
    const row = await done(database.transaction("drafts").objectStore("drafts").get(name));
    if (!row || Date.now() - row.at > hours * 3_600_000) return null;
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv }, await keyOf(database), row.sealed);
    return JSON.parse(new TextDecoder().decode(plain));
  } catch {
    return null; // another key sealed it: it is gone, as it should be
  } finally {
    database.close();
  }
}

/** Every draft whose name begins so. @param {string} prefix @param {number} [hours] an older one is none @returns {Promise<any[]>} */
export async function readDrafts(prefix, hours = HOURS) {
  if (!globalThis.crypto?.subtle) return [];
  const database = await open();
  const within = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
  const names = await done(database.transaction("drafts").objectStore("drafts").getAllKeys(within)).finally(() => database.close());
  const drafts = await Promise.all(names.map((name) => readDraft(String(name), hours)));
  return drafts.filter((draft) => draft !== null);
}

/** At sign-out, and before somebody else's are kept. */
export function destroyDrafts() {
  indexedDB.deleteDatabase(DATABASE);
}
