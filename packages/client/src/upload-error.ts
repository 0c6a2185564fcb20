/** Reasons that the server does not give, because it was not reached, or not asked. */
export type ClientReason =
  | "ABORTED"
  | "ANSWER_INVALID"
  | "DELETED"
  | "NETWORK"
  | "OPTIONS_INVALID"
  | "OUTCOME_UNKNOWN"
  | "STALLED"
  | "TOKEN_ENDPOINT";

export interface UploadErrorDetails {
  readonly status?: number | undefined;
  readonly help?: string | undefined;
  readonly retryable?: boolean | undefined;
  readonly requestId?: string | undefined;
  readonly response?: unknown;
  readonly cause?: unknown;
}

/** Why an upload did not happen. */
export class UploadError extends Error {
  override readonly name = "UploadError";
  /** The server's `reason`, the token endpoint's, or one of `ClientReason`. */
  readonly reason: string;
  /** Of the HTTP answer, where there was one. */
  readonly status: number | undefined;
  /** What to do about it, in the server's words. */
  readonly help: string | undefined;
  /** Whether another attempt, with a token of its own, may succeed without anything being changed. */
  readonly retryable: boolean;
  /** Names the request in the server's log. */
  readonly requestId: string | undefined;
  /** The answer's body, parsed. */
  readonly response: unknown;

  constructor(reason: ClientReason | (string & {}), message: string, details: UploadErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.reason = reason;
    this.status = details.status;
    this.help = details.help;
    this.retryable = details.retryable ?? false;
    this.requestId = details.requestId;
    this.response = details.response;
  }
}

export function aborted(): UploadError {
  return new UploadError("ABORTED", "The upload was aborted.");
}
