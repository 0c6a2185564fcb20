import { type Answer, basic } from "./upload.ts";

export interface CallOptions {
  /** The body is sent as JSON. */
  readonly body?: unknown;
  /** The whole Authorization header; null sends none. The default is the configured key pair's header. */
  readonly authorization?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Calls the media API once. The answer's body is the parsed JSON, or the text where the answer isn't JSON. */
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

/** Everything a caller learns from a refusal, as one value for comparison. */
export function refusal({ status, body }: Pick<Answer, "status" | "body">): readonly [number, string, string] {
  return [status, body.message, body.reason];
}

/** A well-formed id that belongs to nothing. */
export const unknownId = "0123456789abcdef01234567";
