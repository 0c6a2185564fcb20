import { canonicalParameters } from "@sluice/token/canonical";
import { bodyOf, errorOf, isSuccess, uploadResponse } from "./answer.ts";
import { mint } from "./get-token.ts";
import type { Admission, Job, Report } from "./job.ts";
import { madeLater, outcomeOf } from "./outcome.ts";
import { resumableUpload } from "./resumable/choose.ts";
import { tools } from "./resumable/tools.ts";
import type { UploadResponse, UploadSettings } from "./types.ts";
import { aborted, UploadError } from "./upload-error.ts";
import { backoff, isOffline, pause } from "./waiting.ts";
import { xhrTransport } from "./xhr-transport.ts";

/** The reason of an abort after which the upload may go on. Any other abort ends a resumable upload on the server. */
export const pauseReason = "pause";

/**
 * Uploads a file until it is stored or further attempts are pointless. An aborted upload can be run again. It first
 * asks for the outcome of an attempt that may have been stored, so that nothing is stored twice.
 * @throws UploadError
 */
export async function runUpload(job: Job, report: Report, signal: AbortSignal): Promise<UploadResponse> {
  try {
    return await repeat(job, report, signal);
  } finally {
    await job.session?.leave(signal.aborted && signal.reason !== pauseReason);
  }
}

async function repeat(job: Job, report: Report, signal: AbortSignal): Promise<UploadResponse> {
  const { credentials, settings } = job;
  let error: UploadError | undefined;
  let failures = 0;
  let offset = 0;
  let reminted = false;
  for (;;) {
    const stored = await settle(job, signal);
    if (stored) return stored;
    if (error) {
      const { reason, again = error.retryable, after } = error;
      if (!reminted && !credentials && /^TOKEN_(USED|EXPIRED)$/.test(reason)) reminted = true;
      else {
        const session = job.session?.url ? job.session : undefined;
        // A session goes on without a token. As long as bytes arrive, it may be interrupted any number of times.
        if (session && session.offset > offset) failures = 0;
        offset = session?.offset ?? 0;
        const worth = (again || reason === "OUTCOME_UNKNOWN") && (session || !credentials);
        if (!worth || failures >= (settings.retries ?? (session ? 8 : 3))) throw error;
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
  try {
    if (!file || !named.fileName) throw new TypeError("An upload needs a file and a fileName.");
    const uploadPayload = canonicalParameters(named);
    const admit = async (): Promise<Admission> => {
      let { credentials } = job;
      let parameters: Admission["parameters"] = uploadPayload;
      if (!credentials) {
        if (!getToken) throw new TypeError("An upload needs getToken, or a token.");
        const minted = await mint(getToken, { uploadPayload, expire, publicKey }, signal, file);
        credentials = { token: minted.token };
        parameters = minted.parameters ?? parameters;
      }
      job.parameters = parameters;
      return { credentials, parameters };
    };
    const endpoint = baseOf(job.settings);
    const resumably = await resumableUpload(job, uploadPayload);
    if (resumably) {
      const { progress } = report;
      return await resumably({ job, file: file as Blob, endpoint, admit, stallTimeout, progress, signal }, tools);
    }
    const { credentials, parameters } = await admit();
    const attempt = Math.random().toString(36).slice(2);
    job.open = { endpoint, token: credentials.token, attempt };
    const request = { endpoint, credentials, parameters, file, attempt };
    const answer = await xhrTransport(request, { signal, stallTimeout, onProgress: report.progress });
    if (!isSuccess(answer)) throw errorOf(answer, "ANSWER_INVALID", { url: endpoint });
    const isQueued = answer.status === 202;
    // A V1 signature is no name of the upload, so nothing can be asked about it.
    if (isQueued && credentials.signature) {
      throw new UploadError("OUTCOME_UNKNOWN", "The video was taken. A job makes the file that is stored.", {
        url: endpoint,
      });
    }
    const response = isQueued
      ? await madeLater(job.open, job.settings.backoff ?? backoff, signal)
      : uploadResponse(bodyOf(answer), answer);
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
  const base = endpoint ?? /^(.+)\/_sluice\//.exec(import.meta.url)?.[1] ?? location.origin;
  return String(base).replace(/\/+$/, "");
}
