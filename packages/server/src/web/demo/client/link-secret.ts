/// <reference lib="dom" />

const storedAs = "sluice-demo-secret";

/**
 * Takes the secret from the link by which the page was opened, and out of the address. A reload finds it in the tab's
 * storage.
 * @returns undefined where the page was opened without the link
 */
export function takeSecret(): string | undefined {
  const given = new URLSearchParams(location.hash.slice(1)).get("secret");
  if (given !== null) {
    history.replaceState(null, "", `${location.pathname}${location.search}`);
    inStorage((storage) => storage.setItem(storedAs, given));
  }
  return given ?? inStorage((storage) => storage.getItem(storedAs)) ?? undefined;
}

/** Forgets a secret that the server does not take any more. */
export function dropSecret(): void {
  inStorage((storage) => storage.removeItem(storedAs));
}

/** A browser that blocks storage throws. The secret then lasts until the page is loaded again. */
function inStorage<Result>(use: (storage: Storage) => Result): Result | undefined {
  try {
    return use(sessionStorage);
  } catch {
    return undefined;
  }
}
