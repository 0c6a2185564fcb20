/** Releases a lock. Settles when another upload can take it. */
export type Release = () => Promise<void>;

/**
 * Takes a lock that all pages of the origin share. Returns the function that releases it, or undefined if another upload
 * has it. The browser releases the lock of a page that has crashed.
 */
export async function takeLock(name: string): Promise<Release | undefined> {
  const taken = Promise.withResolvers<boolean>();
  const held = Promise.withResolvers<void>();
  const hold = (lock: Lock | null): Promise<void> | undefined => {
    taken.resolve(lock !== null);
    return lock ? held.promise : undefined;
  };
  const released = navigator.locks.request(name, { ifAvailable: true }, hold).catch(() => taken.resolve(false));
  if (!(await taken.promise)) return undefined;
  return async () => {
    held.resolve();
    await released;
  };
}
