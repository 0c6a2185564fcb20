import type { JsonObject } from "./parse.ts";
import type { TokenProblem, TokenTimes } from "./upload-token-error.ts";

/** The longest lifetime that the protocol allows, in seconds (docs/protocol/upload.md §3). */
export const MAX_LIFETIME = 3600;

/** As seconds this is the year 5138, as milliseconds 1973. */
const earliestMilliseconds = 1e11;

/** Limits of a token's lifetime, in seconds. */
export interface LifetimeLimits {
  /** Maximum of `exp - iat`. Default 3600. */
  readonly maxLifetime?: number | undefined;
  /**
   * The tolerance by which an `iat` may lie ahead of `now`, for clocks that differ. Default 60 (docs/protocol/upload.md
   * §15.4).
   */
  readonly issuedAtTolerance?: number | undefined;
  /** The time for which a token stays valid after `exp`. Default 0 (docs/protocol/upload.md §15.4). */
  readonly expiryTolerance?: number | undefined;
}

/**
 * Yields everything that is wrong with a token's lifetime, in the order of the checks. Expiry comes last: a token that
 * is malformed as well as expired is called invalid (docs/protocol/upload.md §3, steps 5 and 6). `now` is in Unix
 * seconds and may have a fraction.
 * @throws {RangeError} for a clock or limit that is no number: every comparison with NaN would let the token pass
 */
export function* lifetimeProblems(
  payload: JsonObject,
  now: number,
  { maxLifetime = MAX_LIFETIME, issuedAtTolerance = 60, expiryTolerance = 0 }: LifetimeLimits = {},
): Generator<TokenProblem, void> {
  if (![now, maxLifetime, issuedAtTolerance, expiryTolerance].every(Number.isFinite)) {
    throw new RangeError("now and the limits of a token's lifetime must be finite numbers of seconds.");
  }
  const { iat, exp } = payload;
  if (!isInteger(iat)) {
    yield { code: "TOKEN_INVALID", problem: missing("iat", payload) };
  }
  if (!isInteger(exp)) {
    yield { code: "TOKEN_INVALID", problem: missing("exp", payload) };
  }
  if (!isInteger(iat) || !isInteger(exp)) {
    return;
  }
  const times: TokenTimes = { now, issuedAt: iat, expiresAt: exp };
  const unit =
    Math.max(iat, exp) > earliestMilliseconds ? ": they count seconds, and this looks like milliseconds" : "";
  const clock = `(server time ${Math.floor(now)}, iat ${iat}, exp ${exp}${unit})`;
  if (exp <= iat) {
    yield { code: "TOKEN_INVALID", problem: `The token expires before it was issued ${clock}.`, times };
  }
  if (exp - iat > maxLifetime) {
    const problem = `The token's lifetime of ${exp - iat} s exceeds ${maxLifetime} s ${clock}.`;
    yield { code: "TOKEN_INVALID", problem, times };
  }
  if (iat > now + issuedAtTolerance) {
    const ahead = Math.ceil(iat - now);
    const problem = `The token was issued ${ahead} s in the future, and ${issuedAtTolerance} s are allowed: the clock of the backend that minted it is fast, or the server's is slow ${clock}.`;
    yield { code: "TOKEN_INVALID", problem, times };
  }
  if (now >= exp + expiryTolerance) {
    const ago = Math.floor(now - exp);
    const problem = `The token expired ${ago} s ago. If it was minted just now, the clock of the backend that minted it is at least ${ago} s slow, or the server's is fast ${clock}.`;
    yield { code: "TOKEN_EXPIRED", problem, times };
  }
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function missing(claim: "iat" | "exp", payload: JsonObject): string {
  return Object.hasOwn(payload, claim)
    ? `The token's claim ${claim} must be an integer, the Unix time in seconds.`
    : `The token has no claim ${claim}.`;
}
