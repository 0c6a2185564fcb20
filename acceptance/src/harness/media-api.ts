import { type Answer, basic } from "./upload.ts";

export interface CallOptions {
  /** Sent as JSON. */
  readonly body?: unknown;
  /** The whole header; null sends none. The configured pair's by default. */
  readonly authorization?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One call of the media API. The answer's body is what its JSON says, and the text itself where it is none. */
export async function call(url: string, method: string, path: string, options: CallOptions = {}): Promise<Answer> {
  const { body, authorization = basic } = options;
  const answer = await fetch(url + path, {
    method,
    headers: {
      ...(authorization === null ? {} : { authorization }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...options.headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const json = answer.headers.get("content-type")?.startsWith("application/json") ?? false;
  return { status: answer.status, headers: answer.headers, body: json ? JSON.parse(text) : text };
}

/** What a caller learns of a refusal, to be compared in one go. */
export function refusal({ status, body }: Pick<Answer, "status" | "body">): readonly [number, string, string] {
  return [status, body.message, body.reason];
}

/** A well-formed id that nothing has. */
export const unknownId = "0123456789abcdef01234567";
