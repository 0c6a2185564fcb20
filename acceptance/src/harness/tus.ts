import { createHash } from "node:crypto";
import { expect } from "vitest";
import { type Answer, basic, mint } from "./upload.ts";

export type Pairs = readonly (readonly [name: string, value: string])[];

export const pieceType = { "content-type": "application/offset+octet-stream" } as const;
const version = { "tus-resumable": "1.0.0" } as const;

/** An Upload-Metadata header, as the protocol says. */
export function metadata(pairs: Pairs, separator = ","): string {
  return pairs.map(([name, value]) => `${name} ${Buffer.from(value).toString("base64")}`).join(separator);
}

export interface TusRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly signal?: AbortSignal;
}

/** Sends a request of the tus protocol. The answer's body is the parsed JSON, or undefined where there is none. */
export async function tus(method: string, url: string, { headers, body, signal }: TusRequest = {}): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { ...version, ...headers },
    ...(body !== undefined && { body: body as Uint8Array<ArrayBuffer> }),
    ...(signal !== undefined && { signal }),
  });
  const text = await response.text();
  // The version MUST be in every answer. GET is no request of the protocol, and 431 comes before the request is one.
  if (method !== "GET" && ![431, 503].includes(response.status))
    expect(response.headers.get("tus-resumable"), url).toBe("1.0.0");
  return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
}

export interface Creation extends TusRequest {
  /** The Upload-Length. The default is the body's length. */
  readonly length?: number | string;
  /** The token; null sends none. The default is one for exactly the fields. */
  readonly token?: string | null;
}

/** Begins an upload in client mode. With a body, the body is the first piece. */
export function create(
  url: string,
  fields: Readonly<Record<string, string>>,
  { token = mint(fields), ...creation }: Creation = {},
): Promise<Answer> {
  const pairs = Object.entries(fields);
  return createFrom(url, token === null ? pairs : [...pairs, ["token", token]], creation);
}

export function createFrom(url: string, pairs: Pairs, { length, ...given }: Omit<Creation, "token"> = {}) {
  const { body, headers, ...rest } = given;
  return tus("POST", `${url}/_sluice/resumable`, {
    ...rest,
    ...(body !== undefined && { body }),
    headers: {
      ...(length === undefined && body === undefined ? {} : { "upload-length": String(length ?? body?.length) }),
      "upload-metadata": metadata(pairs),
      ...(body !== undefined && pieceType),
      ...headers,
    },
  });
}

/** Begins an upload in server mode. */
export function createBasic(url: string, fields: Readonly<Record<string, string>>, creation: Creation = {}) {
  return create(url, fields, { ...creation, token: null, headers: { authorization: basic, ...creation.headers } });
}

/** The URL of the session that a creation has made. */
export function sessionOf(answer: Answer): string {
  expect([answer.status, answer.body]).toEqual([201, undefined]);
  const location = answer.headers.get("location") ?? "";
  expect(location).toMatch(/^http:\/\/[^/]+\/_sluice\/resumable\/[\w-]{43}$/);
  return location;
}

export async function begin(url: string, fields: Readonly<Record<string, string>>, creation: Creation = {}) {
  return sessionOf(await create(url, fields, creation));
}

export function patch(session: string, offset: number | string, body: Uint8Array, request: TusRequest = {}) {
  const headers = { ...pieceType, "upload-offset": String(offset), ...request.headers };
  return tus("PATCH", session, { ...request, body, headers });
}

/**
 * The head of a PATCH at offset 0, for a connection that a test writes itself.
 * @param framing the header that says where the body ends
 */
export function patchHead(session: string, framing: string): string {
  const { pathname, host } = new URL(session);
  const lines = [
    `PATCH ${pathname} HTTP/1.1`,
    `host: ${host}`,
    "tus-resumable: 1.0.0",
    "upload-offset: 0",
    `content-type: ${pieceType["content-type"]}`,
    framing,
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

export function ask(session: string): Promise<Answer> {
  return tus("GET", session);
}

/** The offset that HEAD tells. */
export async function offsetOf(session: string): Promise<number> {
  const { status, headers } = await tus("HEAD", session);
  expect([status, headers.get("cache-control")]).toEqual([200, "no-store"]);
  return Number(headers.get("upload-offset"));
}

export function checksum(algorithm: string, bytes: Uint8Array): { readonly "upload-checksum": string } {
  return { "upload-checksum": `${algorithm} ${createHash(algorithm).update(bytes).digest("base64")}` };
}
