import { bodyOf, errorOf, isSuccess, uploadResponse } from "./answer.ts";
import { ask } from "./ask.ts";
import type { UploadResponse } from "./types.ts";
import { aborted, UploadError } from "./upload-error.ts";
import { isOffline, pause } from "./waiting.ts";

/** An upload request whose answer was lost. */
export interface OpenAttempt {
  readonly endpoint: string;
  readonly token: string;
  /** The name of the request, if it had one. */
  readonly attempt?: string | undefined;
}

/**
 * Waits for a file that the server makes after it has answered 202: a video that is transformed before it is stored.
 * @throws UploadError TRANSFORMATION_FAILED when the server could not make it; as `outcomeOf`
 */
export async function madeLater(
  attempt: OpenAttempt,
  pauseBefore: (repetition: number) => number,
  signal: AbortSignal,
): Promise<UploadResponse> {
  const stored = await outcomeOf(attempt, pauseBefore, signal);
  if (stored) return stored;
  throw new UploadError("TRANSFORMATION_FAILED", "The file could not be transformed, so it was not stored.", {
    source: "server",
    retryable: false,
  });
}

/** Maximum number of attempts to reach the server, some minutes in all. */
const maxTries = 12;

/**
 * Asks for the outcome of a request until the server knows it. After that, the request can't have any further effect.
 * @param pauseBefore milliseconds before each attempt, while the server can't be reached
 * @returns the upload's response; undefined when nothing was stored
 * @throws UploadError OUTCOME_UNKNOWN, retryable if asking again may help; DELETED; ABORTED
 */
export async function outcomeOf(
  { endpoint, token, attempt }: OpenAttempt,
  pauseBefore: (repetition: number) => number,
  signal: AbortSignal,
): Promise<UploadResponse | undefined> {
  for (let tries = 1; ; ) {
    // A page of another origin may send a form without a preflight request.
    const body = new URLSearchParams({ token, ...(attempt && { attempt }) });
    const answer = await ask(`${endpoint}/_sluice/upload-outcome`, { body }, signal, "NETWORK").catch(
      (error: UploadError) => error,
    );
    if (signal.aborted) throw aborted();
    if (!(answer instanceof UploadError) && isSuccess(answer)) {
      const { outcome, response } = bodyOf(answer);
      if (outcome === "nothing") return undefined;
      if (outcome === "stored") {
        const stored = uploadResponse(response, answer);
        if (stored) return stored;
        throw new UploadError("DELETED", "The file was stored, and has been deleted since.");
      }
      // The upload is still running. The server says when to ask again.
      if (outcome === "pending") tries--;
    }
    const cause = answer instanceof UploadError ? answer : errorOf(answer, "OUTCOME_UNKNOWN");
    const retryable = cause.again ?? cause.retryable;
    if (!retryable || tries > maxTries) {
      throw new UploadError("OUTCOME_UNKNOWN", "Whether the file was stored could not be found out.", {
        retryable,
        cause,
      });
    }
    await pause(cause.after ?? pauseBefore(tries), signal);
    if (!isOffline()) tries++;
  }
}
