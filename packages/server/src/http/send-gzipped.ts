import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { createGunzip, gzip } from "node:zlib";
import type { FastifyReply, FastifyRequest } from "fastify";

/** Text that is kept once, gzipped, and sent to everybody. */
export interface GzippedText {
  readonly bytes: Buffer;
  readonly etag: string;
}

export async function gzippedText(text: string): Promise<GzippedText> {
  return withEtag(await promisify(gzip)(text));
}

export function withEtag(gzipped: Buffer): GzippedText {
  const digest = createHash("sha256").update(gzipped).digest("base64url");
  // Weak, because the decoded text has the same one.
  return { bytes: gzipped, etag: `W/"${digest}"` };
}

/** Sends the text, or 304. Every answer shares the same bytes, so that slow readers take no memory of their own. */
export function sendGzipped({ bytes, etag }: GzippedText, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  // The text changes with the program alone, which an update may replace at any time.
  reply.headers({ "cache-control": "no-cache", vary: "Accept-Encoding", etag });
  if (request.headers["if-none-match"] === etag) return reply.code(304).send();
  const accepted = request.headers["accept-encoding"]?.toString() ?? "";
  // Every browser accepts gzip.
  if (/\bgzip\b(?!\s*;\s*q=0)/i.test(accepted)) return reply.header("content-encoding", "gzip").send(bytes);
  return reply.send(Readable.from([bytes]).pipe(createGunzip()));
}
