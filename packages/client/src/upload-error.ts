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
  declare readonly status: number | undefined;
  /** What to do about it, in the server's words. */
  declare readonly help: string | undefined;
  /** Whether another attempt, with a token of its own, may succeed without anything being changed. */
  readonly retryable: boolean = false;
  /** Names the request in the server's log. */
  declare readonly requestId: string | undefined;
  /** The answer's body, parsed. */
  declare readonly response: unknown;

  constructor(reason: ClientReason | (string & {}), message: string, details: UploadErrorDetails = {}) {
    super(message);
    this.reason = reason;
    Object.assign(this, details);
  }
}

export function aborted(): UploadError {
  return new UploadError("ABORTED", "The upload was aborted.");
}
