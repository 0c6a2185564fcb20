import type { TransportAnswer } from "./transport.ts";
import type { UploadResponse } from "./types.ts";
import { type ClientReason, UploadError, type UploadErrorDetails } from "./upload-error.ts";

/** Returns the JSON object in an answer's body. Any other body, such as a proxy's error page, gives an empty object. */
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

/** @param reason the reason to use if the answer gives none */
export function errorOf(answer: TransportAnswer, reason: ClientReason, details: UploadErrorDetails = {}): UploadError {
  const { status, headers } = answer;
  const response = bodyOf(answer);
  const { reason: given, message, help } = response as Record<string, string | undefined>;
  const passing = status > 499 || status === 429 || isSuccess(answer);
  return new UploadError(
    given ?? reason,
    message ?? `${details.source ? "The token endpoint" : "The server"} answered ${status}.`,
    {
      source: "server",
      ...details,
      status,
      help,
      retryable: passing || status === 408,
      requestId: headers["x-request-id"],
      response,
      again: passing && headers["x-should-retry"] !== "false",
      // A browser repeats a request when an idle connection breaks. The first request may have used the token, and its
      // file may be stored.
      open: given ? /^(OUTCOME_UNKNOWN|TOKEN_USED)$/.test(given) : passing,
      after: retryAfter(headers["retry-after"]),
    },
  );
}

/** Returns the server's answer together with its response metadata, or undefined when it is not an upload response. */
export function uploadResponse(body: unknown, { status, headers }: TransportAnswer): UploadResponse | undefined {
  if (typeof (body as UploadResponse | null)?.fileId !== "string") return undefined;
  const metadata = { statusCode: status, requestId: headers["x-request-id"], headers };
  return Object.defineProperty(body as UploadResponse, "$ResponseMetadata", { value: metadata });
}

/** Reads a `Retry-After` header, in seconds or as a date. */
function retryAfter(text = ""): number | undefined {
  const ms = Number(text) * 1000 || Date.parse(text) - Date.now();
  return ms > 0 ? Math.min(ms, 300_000) : undefined;
}
