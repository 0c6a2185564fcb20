import jsonwebtoken from "jsonwebtoken";
import { encodeForm, filePart, type RawPart, textPart, textParts } from "./multipart.ts";
import { keys } from "./server.ts";

export const basic = `Basic ${Buffer.from(`${keys.privateKey}:`).toString("base64")}`;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a black box's answer has any shape until a test has looked at it
  readonly body: any;
}

let minted = 0;

/** A token like those of the guide's backend, plus a `jti` in the header that distinguishes otherwise equal tokens. */
export function mint(
  payload: Readonly<Record<string, unknown>>,
  options: {
    readonly expiresIn?: number;
    readonly privateKey?: string;
    readonly header?: Record<string, unknown>;
  } = {},
): string {
  return jsonwebtoken.sign(payload, options.privateKey ?? keys.privateKey, {
    expiresIn: options.expiresIn ?? 60,
    header: { alg: "HS256", typ: "JWT", kid: keys.publicKey, ...{ jti: String(++minted) }, ...options.header },
  });
}

export interface PostOptions {
  readonly version?: 1 | 2;
  readonly authorization?: string;
  readonly signal?: AbortSignal;
}

/** Sends the parts unchanged. */
export async function post(url: string, parts: readonly RawPart[], options: PostOptions = {}): Promise<Answer> {
  const { contentType, body } = encodeForm(parts);
  const headers: Record<string, string> = { "content-type": contentType };
  if (options.authorization !== undefined) headers.authorization = options.authorization;
  const answer = await fetch(`${url}/api/v${options.version ?? 2}/files/upload`, {
    method: "POST",
    headers,
    body,
    ...(options.signal !== undefined && { signal: options.signal }),
  });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

/** Uploads in server mode, with Basic authentication. */
export function uploadBasic(
  url: string,
  file: string | Uint8Array,
  fields: Readonly<Record<string, string>>,
  options: PostOptions = {},
): Promise<Answer> {
  return post(url, [...textParts(fields), filePart(file)], { authorization: basic, ...options });
}

/** Uploads in client mode, in the guide's order: file, parameters, and last the token for exactly these parameters. */
export function uploadWithToken(
  url: string,
  file: string | Uint8Array,
  fields: Readonly<Record<string, string>>,
  token = mint(fields),
): Promise<Answer> {
  return post(url, [filePart(file), ...textParts(fields), textPart("token", token)]);
}
