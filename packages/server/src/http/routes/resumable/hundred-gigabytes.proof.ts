import { Readable } from "node:stream";
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

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** The bytes of the file from an offset on. Each chunk begins with its own offset, and is used again after a while. */
function* source(from: number, to: number): Generator<Buffer> {
  const ring = Buffer.alloc(256 * chunkBytes);
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
    if (name === "PutObjectCommand") this.#tails.set(String(input.Key), Buffer.from(body));
    if (name === "GetObjectCommand") return this.#read(String(input.Key), String(input.Range));
    return {};
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
  vi.spyOn(S3Client.prototype, "send").mockImplementation(async (command: { constructor: unknown; input: unknown }) =>
    bucket.send((command.constructor as { name: string }).name, command.input as Record<string, unknown>),
  );
  const storageUrl = "s3://bucket/prefix?endpoint=http://127.0.0.1:9&region=nowhere&forcePathStyle=true";
  const app = await openResumableApp(sqliteEngine, { storageUrl, maxFileSize: length });
  const resident: number[] = [];
  const watch = setInterval(() => resident.push(process.memoryUsage.rss()), 1000);
  const started = performance.now();
  try {
    const path = await app.create({ length, parameters: { fileName: "huge.bin", useUniqueFileName: false } });
    for (let offset = 0; offset < length; offset += pieceBytes) {
      const end = Math.min(offset + pieceBytes, length);
      const answer = await app.patch(path, offset, Readable.from(source(offset, end)));
      expect([answer.statusCode, answer.headers["upload-offset"]]).toEqual([204, String(end)]);
    }
    expect((await app.send("GET", path)).json()).toMatchObject({ name: "huge.bin", size: length });
    expect([bucket.bytes, bucket.misplaced]).toEqual([length, 0]);
  } finally {
    clearInterval(watch);
    await app.close();
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const [warm = 0, peak] = [resident[10], Math.max(...resident)];
  const figures = `resident ${(warm / MB).toFixed(0)} MB after ten seconds, ${(peak / MB).toFixed(0)} MB at most`;
  process.stdout.write(`${length / GB} GB in ${bucket.parts.length} parts: ${seconds} s, ${figures}\n`);
  expect(peak - warm).toBeLessThan(128 * MB);
});
