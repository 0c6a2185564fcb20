import { bodyOf, errorOf, isSuccess } from "./answer.ts";
import { ask } from "./ask.ts";
import type { GetToken, TokenAnswer, TokenRequest } from "./types.ts";
import { passing, UploadError } from "./upload-error.ts";
import { unlessAborted } from "./waiting.ts";

type Minted = Exclude<TokenAnswer, string>;

/**
 * Gets a new token for this attempt from the function, or from the endpoint at this URL.
 * @throws UploadError
 */
export async function mint(
  getToken: GetToken | string | URL,
  request: TokenRequest,
  signal: AbortSignal,
  file: Blob | string,
): Promise<Minted> {
  let answer: unknown;
  const asked = {
    source: "token-endpoint",
    url: typeof getToken === "function" ? undefined : String(getToken),
  } as const;
  if (typeof getToken === "function") {
    try {
      answer = await unlessAborted(getToken(request, signal, file), signal);
    } catch (cause) {
      throw cause instanceof UploadError ? cause : passing("TOKEN_ENDPOINT", String(cause), { cause });
    }
  } else {
    const headers = { "content-type": "application/json" };
    const given = await ask(getToken, { headers, body: JSON.stringify(request) }, signal, "TOKEN_ENDPOINT");
    if (!isSuccess(given)) throw errorOf(given, "TOKEN_ENDPOINT", asked);
    answer = bodyOf(given);
  }
  const minted = (typeof answer === "string" ? { token: answer } : answer) as Partial<Minted> | null | undefined;
  if (typeof minted?.token === "string") return minted as Minted;
  throw new UploadError("TOKEN_ENDPOINT", "The token endpoint gave no token.", { ...asked, response: answer });
}
