import { call } from "./media-api.ts";
import { keys } from "./server.ts";

export interface SignedIn {
  /** The headers that a page of the console sends. */
  readonly headers: Readonly<Record<string, string>>;
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a black box's answer has any shape until a test has looked at it
  readonly body: any;
}

/** Signs in as the console's page does, by the configured key pair unless another proof is given. */
export async function signInToConsole(url: string, proof: object = keys): Promise<SignedIn> {
  const { origin } = new URL(url);
  const page = { origin, "sec-fetch-site": "same-origin", "x-sluice-console": "1" };
  const answer = await call(url, "POST", "/_sluice/console/session", {
    body: proof,
    authorization: null,
    headers: page,
  });
  const cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
  return { headers: { ...page, cookie }, status: answer.status, body: answer.body };
}
