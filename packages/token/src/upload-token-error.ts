/** Stable codes. Each is the reason that the server gives when it refuses the upload (docs/protocol/upload.md §3). */
export type UploadTokenErrorCode = "TOKEN_INVALID" | "TOKEN_EXPIRED" | "ACCOUNT_NOT_AUTHENTICATED";

/** The times in Unix seconds. */
export interface TokenTimes {
  readonly now: number;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** One problem of a token, in a sentence that contains neither the token nor a key. */
export interface TokenProblem {
  readonly code: UploadTokenErrorCode;
  readonly problem: string;
  readonly times?: TokenTimes;
}

/** The reason why a token was refused. `times` is present if the token's lifetime was the reason. */
export class UploadTokenError extends Error implements TokenProblem {
  override readonly name = "UploadTokenError";
  readonly code: UploadTokenErrorCode;
  readonly problem: string;
  declare readonly times?: TokenTimes;

  constructor({ code, problem, times }: TokenProblem, options?: ErrorOptions) {
    super(problem, options);
    this.code = code;
    this.problem = problem;
    if (times !== undefined) {
      this.times = times;
    }
  }
}

export function invalidToken(problem: string): UploadTokenError {
  return new UploadTokenError({ code: "TOKEN_INVALID", problem });
}
