import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { encodeForm, filePart, textParts } from "./multipart.ts";
import { basic } from "./upload.ts";

const chunk = Buffer.alloc(1024 * 1024);

/** Uploads a file of this size in server mode: `head`, then zeros. The whole file is never in memory. */
export async function uploadZeros(
  url: string,
  fields: Readonly<Record<string, string>>,
  size: number,
  head: Uint8Array = Buffer.alloc(0),
): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const mark = "<here>";
  const { contentType, body } = encodeForm([...textParts(fields), filePart(mark)]);
  const at = body.indexOf(mark);
  const [before, after] = [body.subarray(0, at), body.subarray(at + mark.length)];
  const sent = request(`${url}/api/v2/files/upload`, {
    method: "POST",
    agent: false,
    headers: {
      authorization: basic,
      "content-type": contentType,
      "content-length": before.length + size + after.length,
    },
  });
  function* content() {
    yield before;
    yield head;
    for (let left = size - head.length; left > 0; left -= chunk.length) yield chunk.subarray(0, left);
    yield after;
  }
  const [[answer]] = await Promise.all([
    once(sent, "response") as Promise<[IncomingMessage]>,
    pipeline(Readable.from(content()), sent),
  ]);
  return { status: answer.statusCode ?? 0, body: JSON.parse(await text(answer)) };
}
