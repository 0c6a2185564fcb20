import { Readable } from "node:stream";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { S3Client } from "@aws-sdk/client-s3";
import { afterEach, expect, test, vi } from "vitest";
import { sqliteEngine } from "../../../testing/engines.ts";
import { openResumableApp } from "./testing/resumable-app.ts";

const [KiB, MB, GB] = [1024, 1e6, 1e9];
/** `SLUICE_PROOF_HUGE_GB` proves less, sooner. */
const length = Number(process.env.SLUICE_PROOF_HUGE_GB ?? 100) * GB;
const chunkBytes = 64 * KiB;
/** Not a multiple of a part, so that each piece leaves a tail behind which the next one goes on. */
const pieceBytes = 9.7 * GB;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

afterEach(() => void vi.unstubAllEnvs());

/** The memory of all chunks, each of which is used again after a while. */
const ring = Buffer.alloc(256 * chunkBytes);

/** The bytes of the file from an offset on. Each chunk begins with its own offset. */
function* source(from: number, to: number): Generator<Buffer> {
  for (let offset = from; offset < to; ) {
    const inChunk = offset % chunkBytes;
    const begin = (offset - inChunk) % ring.length;
    ring.writeDoubleLE(offset - inChunk, begin);
    const size = Math.min(chunkBytes - inChunk, to - offset);
    yield ring.subarray(begin + inChunk, begin + inChunk + size);
    offset += size;
  }
}

/**
 * A bucket that keeps of each part its size alone, since no machine of a developer has one for so much. It looks at the
 * offset in the first whole chunk of each part.
 */
class ForgetfulBucket {
  readonly parts: { readonly PartNumber: number; readonly ETag: string; readonly Size: number }[] = [];
  bytes = 0;
  misplaced = 0;
  readonly #tails = new Map<string, Buffer>();

  send(name: string, input: Record<string, unknown>): unknown {
    const body = input.Body as Buffer;
    if (name === "CreateMultipartUploadCommand") return { UploadId: "upload" };
    if (name === "UploadPartCommand") return this.#take(Number(input.PartNumber), body);
    if (name === "ListPartsCommand") return this.#list(Number(input.PartNumberMarker ?? 0));
    if (name === "HeadObjectCommand") return { ContentLength: this.bytes };
    if (name === "PutObjectCommand") this.#keep(String(input.Key), body);
    if (name === "GetObjectCommand") return this.#read(String(input.Key), String(input.Range));
    return {};
  }

  /** A piece leaves one tail behind, which the next piece reads. */
  #keep(key: string, tail: Buffer): void {
    this.#tails.clear();
    this.#tails.set(key, Buffer.from(tail));
  }

  #take(PartNumber: number, body: Buffer) {
    const first = Math.ceil(this.bytes / chunkBytes) * chunkBytes;
    if (body.readDoubleLE(first - this.bytes) !== first) this.misplaced++;
    const ETag = `"${PartNumber}"`;
    this.parts.push({ PartNumber, ETag, Size: body.length });
    this.bytes += body.length;
    return { ETag };
  }

  #list(after: number) {
    const Parts = this.parts.slice(after, after + 1000);
    return { Parts, IsTruncated: after + 1000 < this.parts.length, NextPartNumberMarker: String(after + 1000) };
  }

  /** A tail, or a range of the finished blob, whose beginning is looked at for its type. */
  #read(key: string, range: string) {
    const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
    const bytes = this.#tails.get(key) ?? Buffer.concat([...source(Number(start), Number(end) + 1)]);
    const httpStatusCode = range === "undefined" ? 200 : 206;
    return { Body: Readable.from([bytes]), ContentLength: bytes.length, $metadata: { httpStatusCode } };
  }
}

test("100 GB go into a bucket in constant memory", { timeout: 3_600_000 }, async () => {
  const bucket = new ForgetfulBucket();
  vi.stubEnv("AWS_ACCESS_KEY_ID", "id").stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  // A spy would remember each part.
  const send = async (command: { constructor: { name: string }; input: Record<string, unknown> }) =>
    bucket.send(command.constructor.name, command.input);
  Object.assign(S3Client.prototype, { send });
  const storageUrl = "s3://bucket/prefix?endpoint=http://127.0.0.1:9&region=nowhere&forcePathStyle=true";
  const app = await openResumableApp(sqliteEngine, { storageUrl, maxFileSize: length });
  const peaks = { buffers: 0, resident: 0 };
  const watch = setInterval(() => {
    const { arrayBuffers, rss } = process.memoryUsage();
    peaks.buffers = Math.max(peaks.buffers, arrayBuffers);
    peaks.resident = Math.max(peaks.resident, rss);
  }, 200);
  /** The memory that is still in use after each piece. */
  const kept: number[] = [];
  const started = performance.now();
  try {
    const path = await app.create({ length, parameters: { fileName: "huge.bin", useUniqueFileName: false } });
    for (let offset = 0; offset < length; offset += pieceBytes) {
      const end = Math.min(offset + pieceBytes, length);
      const answer = await app.patch(path, offset, Readable.from(source(offset, end)));
      expect([answer.statusCode, answer.headers["upload-offset"]]).toEqual([204, String(end)]);
      collectGarbage();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      kept.push(heapUsed + arrayBuffers);
    }
    expect((await app.send("GET", path)).json()).toMatchObject({ name: "huge.bin", size: length });
    expect([bucket.bytes, bucket.misplaced]).toEqual([length, 0]);
  } finally {
    clearInterval(watch);
    Reflect.deleteProperty(S3Client.prototype, "send");
    await app.close();
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const figures = [
    `${kept.map(mb).join(", ")} MB in use after each piece`,
    `buffers of ${mb(peaks.buffers)} MB and resident ${mb(peaks.resident)} MB at most`,
  ];
  process.stdout.write(`${length / GB} GB in ${bucket.parts.length} parts: ${seconds} s, ${figures.join(", ")}\n`);
  expect(Math.max(...kept) - Number(kept[0])).toBeLessThan(32 * MB);
  expect(peaks.buffers).toBeLessThan(128 * MB);
});

function mb(bytes: number): string {
  return (bytes / MB).toFixed(0);
}
