import { canonicalParameters } from "@sluice/token/canonical";
import { bodyOf, errorOf, isSuccess, uploadResponse } from "./answer.ts";
import { mint } from "./get-token.ts";
import { type OpenAttempt, outcomeOf } from "./outcome.ts";
import type { Credentials } from "./transport.ts";
import type { QueueItem, UploadProgress, UploadResponse, UploadSettings } from "./types.ts";
import { aborted, UploadError } from "./upload-error.ts";
import { backoff, isOffline, pause } from "./waiting.ts";
import { xhrTransport } from "./xhr-transport.ts";

/** One upload with all its attempts. */
export interface Job {
  readonly item: QueueItem;
  /** The settings are read when they are needed. */
  readonly settings: UploadSettings;
  /** Credentials that exist already, for one attempt. */
  readonly credentials?: Credentials | undefined;
  /** The attempt that may or may not have been stored. */
  open?: OpenAttempt | undefined;
  /** The form fields of the last attempt. */
  parameters?: Readonly<Record<string, string>> | undefined;
}

export interface Report {
  attempt?(): void;
  progress(progress: UploadProgress): void;
  waiting?(error: UploadError): void;
}

/**
 * Uploads a file until it is stored or further attempts are pointless. An aborted upload can be run again. It first
 * asks for the outcome of an attempt that may have been stored, so that nothing is stored twice.
 * @throws UploadError
 */
export async function runUpload(job: Job, report: Report, signal: AbortSignal): Promise<UploadResponse> {
  const { credentials, settings } = job;
  let error: UploadError | undefined;
  let failures = 0;
  let reminted = false;
  for (;;) {
    const stored = await settle(job, signal);
    if (stored) return stored;
    if (error) {
      const { reason, again = error.retryable, after } = error;
      if (!reminted && !credentials && /^TOKEN_(USED|EXPIRED)$/.test(reason)) reminted = true;
      else {
        const worth = (again || reason === "OUTCOME_UNKNOWN") && !credentials;
        if (!worth || failures >= (settings.retries ?? 3)) throw error;
        await pause(after ?? (settings.backoff ?? backoff)(failures + 1), signal);
        if (!isOffline()) failures++;
      }
    }
    if (signal.aborted) throw aborted();
    report.attempt?.();
    try {
      return await attemptOnce(job, report, signal);
    } catch (thrown) {
      if (signal.aborted) throw aborted();
      error = thrown as UploadError;
      report.waiting?.(error);
    }
  }
}

async function settle(job: Job, signal: AbortSignal): Promise<UploadResponse | undefined> {
  if (!job.open) return undefined;
  try {
    const stored = await outcomeOf(job.open, job.settings.backoff ?? backoff, signal);
    job.open = undefined;
    return stored;
  } catch (error) {
    // An outcome that can't be found out must not block a caller who tries again all the same.
    if (!signal.aborted && !(error as UploadError).retryable) job.open = undefined;
    throw error;
  }
}

/** @throws UploadError */
async function attemptOnce(job: Job, report: Report, signal: AbortSignal): Promise<UploadResponse> {
  const { file, expire, publicKey, ...named } = job.item;
  const { getToken, stallTimeout = 30_000 } = job.settings;
  let { credentials } = job;
  try {
    if (!file || !named.fileName) throw new TypeError("An upload needs a file and a fileName.");
    let parameters = canonicalParameters(named);
    if (!credentials) {
      if (!getToken) throw new TypeError("An upload needs getToken, or a token.");
      const minted = await mint(getToken, { uploadPayload: parameters, expire, publicKey }, signal, file);
      credentials = { token: minted.token };
      parameters = minted.parameters ?? parameters;
    }
    const endpoint = baseOf(job.settings);
    job.parameters = parameters;
    const attempt = Math.random().toString(36).slice(2);
    job.open = { endpoint, token: credentials.token, attempt };
    const request = { endpoint, credentials, parameters, file, attempt };
    const answer = await xhrTransport(request, { signal, stallTimeout, onProgress: report.progress });
    const response = isSuccess(answer) ? uploadResponse(bodyOf(answer), answer) : undefined;
    if (!response) throw errorOf(answer, "ANSWER_INVALID", { url: endpoint });
    job.open = undefined;
    return response;
  } catch (cause) {
    // Any other error thrown here means that the options can't be sent.
    const error =
      cause instanceof UploadError ? cause : new UploadError("OPTIONS_INVALID", (cause as Error).message, { cause });
    if (!error.open) job.open = undefined;
    throw error;
  }
}

/** If the server itself serves this script, that server is the endpoint. */
function baseOf({ endpoint }: UploadSettings): string {
  const own = /^(.+)\/_sluice\//.exec(import.meta.url)?.[1] ?? location.origin;
  return String(endpoint ?? own).replace(/\/+$/, "");
}
