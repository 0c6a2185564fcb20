import type { TransportAnswer } from "./transport.ts";
import type { UploadResponse } from "./types.ts";
import { type ClientReason, UploadError } from "./upload-error.ts";

/** What an attempt came to when it brought nothing. */
export interface Failure {
  readonly error: UploadError;
  /** Whether it is worth another attempt without anybody's doing. */
  readonly again: boolean;
  /** Whether the upload may have been stored all the same: the token's outcome has to be asked for. */
  readonly open?: boolean | undefined;
  /** Milliseconds after which the server wants to be asked again. */
  readonly after?: number | undefined;
}

export type Result<Value> = { readonly value: Value } | Failure;

/** The JSON object in an answer's body; empty for anything else, such as a proxy's error page. */
export function bodyOf({ text }: TransportAnswer): Record<string, unknown> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

export function isSuccess({ status }: TransportAnswer): boolean {
  return status >= 200 && status < 300;
}

/** @param reason stands in where the answer gives none */
export function failureOf(answer: TransportAnswer, reason: ClientReason): Failure {
  const { status, headers } = answer;
  const response = bodyOf(answer);
  const known = typeof response.reason === "string";
  const passing = status > 499 || status === 429;
  const error = new UploadError(
    known ? String(response.reason) : reason,
    typeof response.message === "string" ? response.message : `The answer was ${status}.`,
    {
      status,
      help: response.help as string | undefined,
      retryable: passing || status === 408 || isSuccess(answer),
      requestId: requestIdOf(headers),
      response,
    },
  );
  // A browser sends a request again when an idle connection breaks: the first one may have used the token, and be stored.
  const open = known ? /^(OUTCOME_UNKNOWN|TOKEN_USED)$/.test(error.reason) : passing || isSuccess(answer);
  const again =
    error.reason === "OUTCOME_UNKNOWN" || ((passing || isSuccess(answer)) && headers.get("x-should-retry") !== "false");
  return { error, again, open, after: retryAfter(headers) };
}

/** The server's answer, with where it came from; undefined when it is no upload response. */
export function uploadResponse(body: unknown, { status, headers }: TransportAnswer): UploadResponse | undefined {
  if (typeof (body as UploadResponse | null)?.fileId !== "string") return undefined;
  const metadata = { statusCode: status, requestId: requestIdOf(headers), headers: Object.fromEntries(headers) };
  return Object.defineProperty(body as UploadResponse, "$ResponseMetadata", { value: metadata });
}

function requestIdOf(headers: Headers): string | undefined {
  return headers.get("x-request-id") ?? undefined;
}

/** Seconds or a date. */
function retryAfter(headers: Headers): number | undefined {
  const text = headers.get("retry-after");
  const ms = Number(text) * 1000 || Date.parse(text ?? "") - Date.now();
  return ms > 0 ? Math.min(ms, 300_000) : undefined;
}
