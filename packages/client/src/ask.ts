import type { TransportAnswer } from "./transport.ts";
import { aborted, type ClientReason, passing } from "./upload-error.ts";
import { within } from "./waiting.ts";

/** Longer than the server takes to answer that an upload is still running. */
const patienceMs = 30_000;

/** Sends a short request with `fetch`. Rejects with an UploadError of the given reason, or ABORTED. */
export async function ask(
  url: string | URL,
  init: RequestInit,
  signal: AbortSignal,
  reason: ClientReason,
): Promise<TransportAnswer> {
  try {
    return await within(patienceMs, signal, async (signal) => {
      const response = await fetch(url, { method: "POST", cache: "no-store", ...init, signal });
      return { status: response.status, headers: Object.fromEntries(response.headers), text: await response.text() };
    });
  } catch (cause) {
    if (signal.aborted) throw aborted();
    const name = reason === "NETWORK" ? "server" : "token endpoint";
    throw passing(reason, `The ${name} could not be reached.`, { cause, url: String(url) });
  }
}
