import { SluiceError } from "@sluice/protocol";
import type { IncomingFile } from "../../../library/content/incoming-file.ts";
import type { OutboundRules } from "../../../network/outbound-rules.ts";
import { RemoteError } from "../../../network/remote-error.ts";
import { remoteGet } from "../../../network/remote-get.ts";
import { ClientGone } from "./body-reader.ts";

export interface RemoteFileOptions {
  readonly rules: OutboundRules;
  readonly limits: { readonly remoteHeadersMs: number; readonly stallMs: number };
  /** The time that is left for the whole upload, in milliseconds. */
  readonly totalMs: number;
  /** Aborted when nobody waits for the file any more. */
  readonly signal: AbortSignal;
}

/**
 * Downloads the file that an upload names by its URL (docs/protocol/upload.md §6). Call this only for uploads that have
 * been authorised and validated: nobody else may make this server connect to anything.
 * @throws SluiceError FILE_URL_NOT_ALLOWED, FILE_URL_UNREACHABLE, FILE_TOO_LARGE; ClientGone
 */
export async function receiveRemoteFile(url: string, file: IncomingFile, options: RemoteFileOptions): Promise<void> {
  const { rules, limits, totalMs, signal } = options;
  const times = { headersMs: limits.remoteHeadersMs, stallMs: limits.stallMs, totalMs };
  try {
    await remoteGet(url, { rules, ...times, signal }, async ({ length, body }) => {
      file.announce(length ?? 0);
      if (file.excess !== undefined) throw file.excess;
      for await (const chunk of body) {
        await file.write(chunk);
        if (file.excess !== undefined) throw file.excess;
      }
    });
  } catch (error) {
    if (signal.aborted) throw new ClientGone("The client went away.", { cause: error });
    throw error instanceof RemoteError ? refusal(error) : error;
  }
}

function refusal(cause: RemoteError): SluiceError {
  const reason = cause.forbidden ? "FILE_URL_NOT_ALLOWED" : "FILE_URL_UNREACHABLE";
  return new SluiceError(reason, { problem: cause.message }, { cause });
}
