import { passing, type SentSoFar, UploadError } from "./upload-error.ts";
import { within } from "./waiting.ts";

/** A network that loses everything answers no question. The next attempt shouldn't wait for it. */
const patienceMs = 5000;

/**
 * Returns the reason why a request with this file got no answer. Browsers don't tell it: a lost connection looks like an
 * answer that the page may not read, such as a proxy's 413 without CORS headers.
 * @param url the address of the request, or another one that the server lets any page ask
 */
export async function networkError(
  file: Blob | string,
  url: string,
  sent: SentSoFar,
  signal: AbortSignal,
): Promise<UploadError> {
  try {
    // The browser sends nothing of a file that has changed since it was chosen, and reports that as a network error.
    await new Blob([file]).slice(0, 1).arrayBuffer();
  } catch {
    return new UploadError("FILE_UNREADABLE", "This file has changed: choose it again.", { open: true });
  }
  return (await isInReach(url, signal))
    ? passing("INTERRUPTED", "The server is in reach, but the upload got no answer.", { url, sent })
    : passing("NETWORK", "The server could not be reached.", { url });
}

/** Whether Sluice answers. It lets pages of any origin ask, and a proxy that answers in its place does not. */
async function isInReach(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const init: RequestInit = { method: "OPTIONS", cache: "no-store", credentials: "omit" };
    return (await within(patienceMs, signal, (signal) => fetch(url, { ...init, signal }))).ok;
  } catch {
    return false;
  }
}
