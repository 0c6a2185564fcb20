import { promisify } from "node:util";
import { brotliCompress, brotliCompressSync, constants, gzip, gzipSync } from "node:zlib";
import type { FastifyInstance, FastifyReply } from "fastify";
import { acceptedCoding, type Coding } from "../../delivery/headers/accepted-coding.ts";

/** Shorter answers aren't compressed, because they fit into the packet that brings their headers. */
const minBytes = 1024;

/** Longer answers are compressed on another thread, since they would hold up every other request for milliseconds. */
const maxSyncBytes = 256 * 1024;

/**
 * The parameter that makes a delivery URL work for everybody who has it. The length of a compressed answer tells
 * whether text in it repeats (BREACH): whoever can name files, and can read how long the answers to somebody else are,
 * could guess a signature beside these names. So an answer with a signed URL is never compressed.
 */
const signature = "ik-s=";

/**
 * Compresses the answers of operations that say `compressed`, for clients that accept it. Those operations answer with
 * JSON that is in memory, so the answer has a `Content-Length` in each coding, and HEAD has the headers of GET.
 */
export function compressAnswers(app: FastifyInstance): void {
  app.addHook("onSend", (request, reply, payload, done) => {
    if (request.routeOptions.config.operation?.compressed !== true) return done(null, payload);
    // Also for the answers that stay as they are: a cache must not give an answer in a coding to everybody.
    addVary(reply);
    if (reply.statusCode !== 200 || typeof payload !== "string" || payload.length < minBytes) {
      return done(null, payload);
    }
    const coding = acceptedCoding(request.headers["accept-encoding"]?.toString());
    if (coding === undefined || payload.includes(signature)) return done(null, payload);
    compress(Buffer.from(payload), coding).then((coded) => {
      reply.header("content-encoding", coding).removeHeader("content-length");
      done(null, coded);
    }, done);
  });
}

function addVary(reply: FastifyReply): void {
  const vary = reply.getHeader("vary");
  reply.header("vary", vary === undefined ? "Accept-Encoding" : `${vary}, Accept-Encoding`);
}

async function compress(bytes: Buffer, coding: Coding): Promise<Buffer> {
  const { sync, async } = coders[coding];
  return bytes.length > maxSyncBytes ? async(bytes) : sync(bytes);
}

/**
 * Levels at which a list of 100 files takes less than a tenth of the time of its request. The next ones would double
 * that for a few percent of the length.
 */
const gzipOptions = { level: 3 };
const brotliOptions = (bytes: Buffer) => ({
  params: { [constants.BROTLI_PARAM_QUALITY]: 2, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
});

const gzipLater = promisify<Buffer, typeof gzipOptions, Buffer>(gzip);
const brotliLater = promisify<Buffer, ReturnType<typeof brotliOptions>, Buffer>(brotliCompress);

interface Coder {
  readonly sync: (bytes: Buffer) => Buffer;
  readonly async: (bytes: Buffer) => Promise<Buffer>;
}

const coders = {
  br: {
    sync: (bytes) => brotliCompressSync(bytes, brotliOptions(bytes)),
    async: (bytes) => brotliLater(bytes, brotliOptions(bytes)),
  },
  gzip: {
    sync: (bytes) => gzipSync(bytes, gzipOptions),
    async: (bytes) => gzipLater(bytes, gzipOptions),
  },
} as const satisfies Record<Coding, Coder>;
