// What no server has confirmed yet, kept in the browser: neither tab, network nor server matters.
//
// An entry is {key, rater, kind, assignment, url, fields, at}. `key` is its idempotency key, so it may
// be sent any number of times, from any number of tabs; `at` is when it was said, in ms.

const STORE = "outbox";
const memory = new Map(); // the last resort of a browser that keeps nothing

const opened = new Promise((resolve, reject) => {
  const asked = indexedDB.open("pathos", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "key" });
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});
opened.catch(() => {}); // every use of it tells

async function run(mode, act) {
  const database = await opened;
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode);
    const asked = act(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

/** Resolves once the entry is kept: false when only this page can keep it. */
export async function put(entry) {
  try {
    await run("readwrite", (store) => store.put(entry));
    return true;
  } catch {
    memory.set(entry.key, entry);
    return false;
  }
}

/** The rater's entries, in the order in which they were said. Nobody else's are touched. */
export async function of(rater) {
  const kept = await run("readonly", (store) => store.getAll()).catch(() => []);
  const own = [...kept, ...memory.values()].filter((entry) => entry.rater === rater);
  return own.sort((one, other) => one.at - other.at);
}

export async function drop(key) {
  memory.delete(key);
  await run("readwrite", (store) => store.delete(key)).catch(() => {});
}

export const isOnlyInMemory = () => memory.size > 0;

/** Unlike crypto.randomUUID, also there for pages that come without https. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
