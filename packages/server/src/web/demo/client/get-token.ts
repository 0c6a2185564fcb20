import { type GetToken, UploadError } from "@sluice/client";
import type { Flows } from "./flow.ts";

export interface TokenSource {
  readonly url: string;
  readonly publicKey: string;
  /** The lifetime to ask for, in seconds. */
  readonly lifetime: number;
  /** The secret of the link that opened the page. */
  readonly secret: () => string | undefined;
  /** Called when the server doesn't take the secret. */
  readonly onRefusedSecret: () => void;
}

/**
 * Asks the page's own backend for a token, as the guide's page does, and records the request and the answer. A page
 * that shows none of that can use `token-endpoint` instead.
 */
export function recordingGetToken(source: TokenSource, flows: Flows): GetToken {
  const { url, publicKey, lifetime } = source;
  return async (request, signal, file) => {
    const flow = flows.of(file as File);
    const asked = { ...request, expire: lifetime, publicKey };
    Object.assign(flow, {
      request: asked,
      tokenAnswer: undefined,
      token: undefined,
      result: undefined,
      error: undefined,
    });
    const headers = { "content-type": "application/json", "x-sluice-demo": source.secret() ?? "" };
    const body = JSON.stringify(asked);
    const response = await fetch(url, { method: "POST", headers, body, signal, cache: "no-store" });
    const answer = await response.json();
    flow.tokenAnswer = answer;
    flow.token = answer.token;
    flow.parameters = answer.parameters ?? request.uploadPayload;
    if (response.ok) return answer;
    if (answer.reason === "NOT_THE_DEMO_PAGE") source.onRefusedSecret();
    const help = answer.reason === "PUBLIC_KEY_UNKNOWN" ? "The key pair has changed. Reload this page." : answer.help;
    const { status } = response;
    throw new UploadError(answer.reason, answer.message, { source: "token-endpoint", status, help, response: answer });
  };
}
