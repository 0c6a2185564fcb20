/** Every refusal of the handler, by its stable reason, with its status. */
export const refusals = {
  BODY_INVALID: 400,
  BODY_TOO_LARGE: 413,
  UPLOAD_PAYLOAD_INVALID: 400,
  PARAMETER_INVALID: 400,
  PARAMETER_NOT_ALLOWED: 400,
  FILE_NAME_MISSING: 400,
  EXPIRE_INVALID: 400,
  PUBLIC_KEY_UNKNOWN: 400,
  NOT_AUTHORIZED: 401,
  METHOD_NOT_ALLOWED: 405,
  INTERNAL_ERROR: 500,
} as const;

export type RefusalReason = keyof typeof refusals;

/** A refused request for a token. The message is meant for the client's developer. */
export class TokenRequestRefusal extends Error {
  override readonly name = "TokenRequestRefusal";
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }

  toResponse(): Response {
    return Response.json({ message: this.message, reason: this.reason }, { status: refusals[this.reason] });
  }
}

/** Quotes a text that the client chose for use in a message: on one line and cut to a bearable length. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 64 ? `${text.slice(0, 64)}…` : text);
}
