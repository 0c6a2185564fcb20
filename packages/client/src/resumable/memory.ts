/** A session as the browser keeps it over a reload. */
export interface Remembered {
  /** Whoever knows this address may send to the session and end it. */
  readonly url: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

const databaseName = "sluice-resumable";
const storeName = "sessions";

/** Returns the session of this key. Forgets all sessions that have expired. */
export async function recall(key: string): Promise<Remembered | undefined> {
  return inStore(async (store) => {
    const [keys, sessions] = await Promise.all([done(store.getAllKeys()), done<Remembered[]>(store.getAll())]);
    for (const [index, { expires }] of sessions.entries()) {
      if (expires < Date.now()) store.delete(keys[index] as string);
    }
    return sessions.find(({ expires }, index) => keys[index] === key && expires > Date.now());
  });
}

export async function remember(key: string, { url, expires }: Remembered): Promise<void> {
  await inStore((store) => done(store.put({ url, expires }, key)));
}

export async function forget(key: string): Promise<void> {
  await inStore((store) => done(store.delete(key)));
}

/**
 * Runs a task in one transaction. A browser may refuse IndexedDB, or have no room. An upload can then be resumed as long
 * as its page lives, so that is no error.
 */
async function inStore<Value>(task: (store: IDBObjectStore) => Promise<Value>): Promise<Value | undefined> {
  let database: IDBDatabase | undefined;
  try {
    const opening = indexedDB.open(databaseName, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(storeName);
    database = await done(opening);
    const transaction = database.transaction(storeName, "readwrite");
    const value = await task(transaction.objectStore(storeName));
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = reject;
    });
    return value;
  } catch {
    return undefined;
  } finally {
    database?.close();
  }
}

function done<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
