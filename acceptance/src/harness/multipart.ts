import { randomUUID } from "node:crypto";

/** One part of a form, written exactly as given, because some clients have habits that no library reproduces. */
export interface RawPart {
  /** Header lines without their line ends, in this order. */
  readonly headers: readonly string[];
  readonly body: string | Uint8Array;
}

export interface RawForm {
  readonly contentType: string;
  readonly body: Buffer<ArrayBuffer>;
}

export function encodeForm(parts: readonly RawPart[], boundary = `----test-${randomUUID()}`): RawForm {
  const chunks = parts.flatMap(({ headers, body }) => [
    Buffer.from(`--${boundary}\r\n${headers.join("\r\n")}\r\n\r\n`),
    Buffer.from(body as Uint8Array),
    Buffer.from("\r\n"),
  ]);
  const body = Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]);
  return { contentType: `multipart/form-data; boundary=${boundary}`, body };
}

export function textPart(name: string, value: string): RawPart {
  return { headers: [`Content-Disposition: form-data; name="${name}"`], body: value };
}

export function filePart(
  body: string | Uint8Array,
  fileName = "upload.bin",
  contentType = "application/octet-stream",
): RawPart {
  return {
    headers: [`Content-Disposition: form-data; name="file"; filename="${fileName}"`, `Content-Type: ${contentType}`],
    body,
  };
}

/** The parameters as text parts, in the same order. */
export function textParts(fields: Readonly<Record<string, string>>): RawPart[] {
  return Object.entries(fields).map(([name, value]) => textPart(name, value));
}
