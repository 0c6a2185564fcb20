import type { JsonObject } from "./parse.ts";
import type { TokenProblem } from "./upload-token-error.ts";

/**
 * Yields everything that is wrong with a JOSE header, in the order of the checks
 * (docs/protocol/upload.md §3; RFC 8725 §3.1, §3.10). The algorithm is a constant here, never the token's choice.
 * Members that would bring a key along (`jwk`, `jku`, `x5c`, `x5u`) and all other unknown members are not read at all.
 */
export function* headerProblems(header: JsonObject): Generator<TokenProblem, void> {
  if (header.alg !== "HS256") {
    yield invalid("The token's header must say alg HS256; no other algorithm is accepted.");
  }
  if (typeof header.typ !== "string" || !/^jwt$/i.test(header.typ)) {
    yield invalid("The token's header must say typ JWT.");
  }
  if (Object.hasOwn(header, "crit")) {
    yield invalid("The token's header has crit, and no critical extension is supported.");
  }
  if (typeof header.kid !== "string" || header.kid === "") {
    yield invalid("The token's header must name the account's public key in kid.");
  }
}

function invalid(problem: string): TokenProblem {
  return { code: "TOKEN_INVALID", problem };
}
