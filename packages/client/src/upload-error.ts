/** Reasons that the server does not give, because it was not reached, or not asked. */
export type ClientReason =
  | "ABORTED"
  | "ANSWER_INVALID"
  | "DELETED"
  | "FILE_UNREADABLE"
  | "NETWORK"
  | "OPTIONS_INVALID"
  | "OUTCOME_UNKNOWN"
  | "STALLED"
  | "TOKEN_ENDPOINT";

export type UploadErrorDetails = Partial<Omit<UploadError, "name" | "message" | "reason" | "stack">>;

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
  /** Whose answer it was: Sluice's, or the token endpoint's. Undefined where none came. */
  declare readonly source: "server" | "token-endpoint" | undefined;
  /** The address that was asked. */
  declare readonly url: string | undefined;
  // The rest is how the client makes up its mind.
  /** Whether it tries again by itself, where that is not what `retryable` says. */
  declare readonly again: boolean | undefined;
  /** Whether the upload may have been stored all the same, so that its outcome has to be asked for. */
  declare readonly open: boolean | undefined;
  /** Milliseconds after which the server wants to be asked again. */
  declare readonly after: number | undefined;

  constructor(reason: ClientReason | (string & {}), message: string, details: UploadErrorDetails = {}) {
    super(message);
    this.reason = reason;
    Object.assign(this, details);
  }
}

/** No answer came, and the next time one may. */
export function passing(reason: ClientReason, message: string, details: UploadErrorDetails = {}): UploadError {
  return new UploadError(reason, message, { retryable: true, open: true, ...details });
}

export function aborted(): UploadError {
  return new UploadError("ABORTED", "The upload was aborted.", { open: true });
}
