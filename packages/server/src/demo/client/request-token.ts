import { parseObject, Refusal, readRefusal, unreachable } from "./refusal.ts";

export interface TokenSource {
  readonly url: string;
  readonly publicKey: string;
  /** Seconds to ask for. */
  readonly lifetime: number;
}

export interface Admission {
  readonly token: string;
  /** The strings that the token holds, which the form has to carry: the backend's policy may have changed some. */
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Asks the page's own backend for a token, as the guide's page does: with the exact strings that the form will carry.
 * @throws Refusal
 */
export async function requestToken(
  { url, publicKey, lifetime }: TokenSource,
  uploadPayload: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Admission> {
  const { status, text } = await post(url, JSON.stringify({ uploadPayload, expire: lifetime, publicKey }), signal);
  const { token, parameters } = parseObject(text) ?? {};
  if (status === 200 && typeof token === "string") {
    return { token, parameters: (parameters as Admission["parameters"] | undefined) ?? uploadPayload };
  }
  const refusal = readRefusal(status, text);
  if (refusal.reason !== "PUBLIC_KEY_UNKNOWN") throw refusal;
  const { message, reason } = refusal;
  throw new Refusal(status, { message, reason, help: "The key pair was rotated: reload this page." }, text);
}

async function post(url: string, body: string, signal: AbortSignal): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, { method: "POST", body, signal, cache: "no-store" });
    return { status: response.status, text: await response.text() };
  } catch {
    signal.throwIfAborted();
    throw unreachable();
  }
}
