import { bodyOf, failureOf, isSuccess, type Result } from "./answer.ts";
import { ask } from "./ask.ts";
import type { GetToken, TokenRequest } from "./types.ts";
import { UploadError } from "./upload-error.ts";
import { unlessAborted } from "./waiting.ts";

export interface Minted {
  readonly token: string;
  /** To be sent instead of those that were asked for. */
  readonly parameters?: Record<string, string> | undefined;
}

/** Asks the function, or the endpoint at this URL, for a token of its own for this attempt. */
export async function mint(
  getToken: GetToken | string | URL,
  request: TokenRequest,
  signal: AbortSignal,
): Promise<Result<Minted>> {
  try {
    if (typeof getToken === "function") return checked(await unlessAborted(getToken(request, signal), signal));
    const headers = { "content-type": "application/json" };
    const answer = await ask(getToken, { headers, body: JSON.stringify(request) }, signal, "TOKEN_ENDPOINT");
    return isSuccess(answer) ? checked(bodyOf(answer)) : { ...failureOf(answer, "TOKEN_ENDPOINT"), open: false };
  } catch (cause) {
    const error =
      cause instanceof UploadError
        ? cause
        : new UploadError("TOKEN_ENDPOINT", String(cause), { retryable: true, cause });
    return { error, again: error.retryable };
  }
}

function checked(answer: unknown): Result<Minted> {
  const minted = (typeof answer === "string" ? { token: answer } : answer) as Partial<Minted> | undefined;
  if (typeof minted?.token === "string") return { value: minted as Minted };
  throw new UploadError("TOKEN_ENDPOINT", "The token endpoint gave no token.", { response: answer });
}
