/** Reasons that the server doesn't give, because it was not reached or not asked. */
export type ClientReason =
  | "ABORTED"
  | "ANSWER_INVALID"
  | "DELETED"
  | "FILE_UNREADABLE"
  | "INTERRUPTED"
  | "NETWORK"
  | "OPTIONS_INVALID"
  | "OUTCOME_UNKNOWN"
  | "STALLED"
  | "TOKEN_ENDPOINT"
  | "TRANSFORMATION_FAILED";

/** The part of a request that had been sent when the request ended without an answer. */
export interface SentSoFar {
  /** The bytes include those of the form around the file. */
  readonly loaded: number;
  readonly total: number;
  readonly ms: number;
}

export type UploadErrorDetails = Partial<Omit<UploadError, "name" | "message" | "reason" | "stack">>;

/** The reason why an upload failed. */
export class UploadError extends Error {
  override readonly name = "UploadError";
  /** A `reason` of the server or of the token endpoint, or one of `ClientReason`. */
  readonly reason: string;
  /** The status of the HTTP answer, if there was one. */
  declare readonly status: number | undefined;
  /** The server's advice on what to do about it. */
  declare readonly help: string | undefined;
  /** Whether another attempt, with a new token, may succeed without any other change. */
  readonly retryable: boolean = false;
  /** Identifies the request in the server's log. */
  declare readonly requestId: string | undefined;
  /** The answer's body, parsed. */
  declare readonly response: unknown;
  /** The party that answered: Sluice or the token endpoint. Undefined if no answer came. */
  declare readonly source: "server" | "token-endpoint" | undefined;
  /** The address of the request. */
  declare readonly url: string | undefined;
  /** The part that was sent of an upload that was interrupted. */
  declare readonly sent: SentSoFar | undefined;
  // The client bases its own decisions on the remaining properties.
  /** Whether the client retries by itself, if that differs from `retryable`. */
  declare readonly again: boolean | undefined;
  /** Whether the upload may have been stored all the same, so that the client has to ask for its outcome. */
  declare readonly open: boolean | undefined;
  /** Milliseconds after which the server wants to be asked again. */
  declare readonly after: number | undefined;

  constructor(reason: ClientReason | (string & {}), message: string, details: UploadErrorDetails = {}) {
    super(message);
    this.reason = reason;
    Object.assign(this, details);
  }
}

/** No answer came; the next attempt may get one. */
export function passing(reason: ClientReason, message: string, details: UploadErrorDetails = {}): UploadError {
  return new UploadError(reason, message, { retryable: true, open: true, ...details });
}

export function aborted(): UploadError {
  return new UploadError("ABORTED", "The upload was aborted.", { open: true });
}
