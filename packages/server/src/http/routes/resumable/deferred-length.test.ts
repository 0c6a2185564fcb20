import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { describeEngines, sqliteEngine } from "../../../testing/engines.ts";
import { finishUploadsJob } from "../../../upload/resumable/jobs.ts";
import {
  basic,
  type Creation,
  collection,
  metadataOf,
  mint,
  openResumableApp,
  publicUrl,
  type ResumableApp,
  reasonOf,
} from "./testing/resumable-app.ts";

const limits = { maxFileSize: 100_000, maxVideoSize: 200_000 } as const;

let app: ResumableApp;
/** Begins an upload whose length is told later. @returns the session's path */
async function begin({ parameters, headers, ...creation }: Creation = {}, of = app): Promise<string> {
  const named = parameters ?? { fileName: "a.bin", useUniqueFileName: false };
  const token = headers?.authorization ? {} : { token: await mint(named) };
  const pairs = Object.fromEntries(Object.entries(named).map(([name, value]) => [name, String(value)]));
  const answer = await of.send("POST", collection, {
    headers: { "upload-defer-length": "1", "upload-metadata": metadataOf({ ...pairs, ...token }), ...headers },
    ...creation,
  });
  expect([answer.statusCode, answer.body]).toEqual([201, ""]);
  return String(answer.headers.location).slice(publicUrl.length);
}
const told = (length: number) => ({ "upload-length": String(length) });
const sizeOf = async (path: string) => (await app.send("GET", path)).json().size;
const refusalOf = (answer: Awaited<ReturnType<ResumableApp["patch"]>>) => [answer.statusCode, reasonOf(answer)];
const tooLarge = [413, "FILE_TOO_LARGE"];
/** A new one each time: the store releases the memory of what it has taken. */
const video = () => Buffer.concat([Buffer.from("\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "latin1"), Buffer.alloc(150_000)]);

describeEngines((engine) => {
  beforeAll(async () => {
    app = await openResumableApp(engine, limits);
  });
  afterEach(() => vi.restoreAllMocks());
  afterAll(() => app.close());

  describe("a length that comes later", () => {
    test("is 1 in HEAD until it is told, with the last piece or before it", async () => {
      const bytes = randomBytes(5000);
      for (const tellAt of [0, 2000, 4000]) {
        const path = await begin();
        for (const offset of [0, 2000, 4000]) {
          const { headers } = await app.send("HEAD", path);
          const isTold = offset > tellAt;
          expect([headers["upload-defer-length"], headers["upload-length"]]).toEqual(
            isTold ? [undefined, "5000"] : ["1", undefined],
          );
          const asked = await app.send("GET", path);
          expect([asked.statusCode, asked.json()]).toEqual([202, { offset, ...(isTold && { length: 5000 }) }]);
          const length = offset === tellAt ? told(5000) : {};
          const answer = await app.patch(path, offset, bytes.subarray(offset, offset + 2000), length);
          expect([answer.statusCode, answer.headers["upload-offset"]]).toEqual([
            204,
            `${Math.min(offset + 2000, 5000)}`,
          ]);
        }
        expect(await sizeOf(path)).toBe(5000);
        expect((await app.send("HEAD", path)).headers).toMatchObject({
          "upload-length": "5000",
          "upload-offset": "5000",
        });
      }
    });

    test("may come alone at the end, with all bytes in one piece, and again with a piece that is repeated", async () => {
      const alone = await begin();
      await app.patch(alone, 0, "hello");
      expect((await app.patch(alone, 5, "", told(5))).statusCode).toBe(204);
      expect(await sizeOf(alone)).toBe(5);
      const whole = await begin();
      expect((await app.patch(whole, 0, "hello", told(5))).statusCode).toBe(204);
      expect(await sizeOf(whole)).toBe(5);
      const repeated = await begin();
      expect((await app.patch(repeated, 0, "he", told(5))).statusCode).toBe(204);
      expect((await app.patch(repeated, 2, "llo", told(5))).statusCode).toBe(204);
      // The answer was lost, and the client asks with no bytes.
      expect((await app.patch(repeated, 5, "", told(5))).statusCode).toBe(204);
      expect(await sizeOf(repeated)).toBe(5);
    });

    test("never changes, and is no less than what has come", async () => {
      const path = await begin();
      await app.patch(path, 0, "hello");
      expect(refusalOf(await app.patch(path, 5, "", told(4)))).toEqual([400, "TUS_HEADER_INVALID"]);
      expect((await app.patch(path, 5, "wor", told(10))).statusCode).toBe(204);
      for (const length of [8, 9, 11]) {
        expect(refusalOf(await app.patch(path, 8, "ld", told(length)))).toEqual([400, "TUS_HEADER_INVALID"]);
      }
      expect(refusalOf(await app.patch(path, 8, "ld!"))).toEqual([413, "PIECE_BEYOND_LENGTH"]);
      expect((await app.patch(path, 8, "ld")).statusCode).toBe(204);
      expect(await sizeOf(path)).toBe(10);
      const known = await app.create({ length: 5 });
      expect(refusalOf(await app.patch(known, 0, "hello", told(6)))).toEqual([400, "TUS_HEADER_INVALID"]);
    });

    test.each([
      ["beside a length", { "upload-defer-length": "1", "upload-length": "5" }],
      ["of another value", { "upload-defer-length": "2" }],
    ])("is refused %s, and the token stays unused", async (_, headers) => {
      const token = await mint({ fileName: "a.txt" });
      const metadata = { "upload-metadata": metadataOf({ fileName: "a.txt", token }) };
      const answer = await app.send("POST", collection, { headers: { ...metadata, ...headers } });
      expect(refusalOf(answer)).toEqual([400, "TUS_HEADER_INVALID"]);
      const again = await app.send("POST", collection, { headers: { ...metadata, "upload-defer-length": "1" } });
      expect(again.statusCode).toBe(201);
      const used = await app.send("POST", collection, { headers: { ...metadata, "upload-defer-length": "1" } });
      expect(refusalOf(used)).toEqual([400, "TOKEN_USED"]);
    });

    test("of 0 is a missing file, and a creation may bring the first bytes", async () => {
      const empty = await begin();
      expect(refusalOf(await app.patch(empty, 0, "", told(0)))).toEqual([400, "FILE_MISSING"]);
      expect(await app.offsetOf(empty)).toBe(-400);
      const headers = { "content-type": "application/offset+octet-stream" };
      const path = await begin({ headers, body: "hello" });
      expect(await app.offsetOf(path)).toBe(5);
      expect((await app.patch(path, 5, "", told(5))).statusCode).toBe(204);
    });

    test("a piece with a checksum counts when it is right", async () => {
      const path = await begin();
      const wrong = await app.patch(path, 0, "hello", { "upload-checksum": `sha1 ${"A".repeat(27)}=` });
      expect(refusalOf(wrong)).toEqual([460, "CHECKSUM_MISMATCH"]);
      const right = { "upload-checksum": "sha1 qvTGHdzF6KLavt4PO0gs2a6pQ00=", ...told(5) };
      expect((await app.patch(path, 0, "hello", right)).statusCode).toBe(204);
      expect(await sizeOf(path)).toBe(5);
    });
  });

  describe("the plan's largest file bounds an upload of unknown length", () => {
    test("that a piece announces, that comes, or that is told to come, and ends it", async () => {
      const announced = await begin();
      expect(refusalOf(await app.patch(announced, 0, Buffer.alloc(200_001)))).toEqual(tooLarge);
      expect(await app.offsetOf(announced)).toBe(-413);
      const chunked = await begin();
      expect((await app.patch(chunked, 0, video())).statusCode).toBe(204);
      const stream = Readable.from([Buffer.alloc(40_000), Buffer.alloc(40_000)]);
      expect(refusalOf(await app.patch(chunked, video().length, stream))).toEqual(tooLarge);
      const length = await begin();
      const answer = await app.patch(length, 0, video(), told(200_001));
      expect(refusalOf(answer)).toEqual(tooLarge);
      expect(answer.json().help).toContain("--max-video-size");
      expect(await app.offsetOf(length)).toBe(-413);
      for await (const entry of app.parts.blobs.partial.list()) expect(entry, "nothing is left").toBeUndefined();
    });

    test("of the file's type, which its first bytes tell, in whichever process they came", async () => {
      const path = await begin();
      expect((await app.patch(path, 0, Buffer.alloc(60_000, "text "))).statusCode).toBe(204);
      const other = await app.another();
      const { statusCode, body } = await other.app.inject({
        method: "PATCH",
        url: path,
        headers: {
          "tus-resumable": "1.0.0",
          "upload-offset": "60000",
          "content-type": "application/offset+octet-stream",
        },
        payload: Buffer.alloc(60_000, "text "),
      });
      expect([statusCode, JSON.parse(body)]).toEqual([
        413,
        expect.objectContaining({ help: expect.stringContaining("--max-file-size") }),
      ]);
      const atOnce = await begin();
      expect(refusalOf(await app.patch(atOnce, 0, Buffer.alloc(100_001, "text ")))).toEqual(tooLarge);
      const largest = await begin();
      expect((await app.patch(largest, 0, Buffer.alloc(100_000, "text "), told(100_000))).statusCode).toBe(204);
    });

    test("which is not stored before its length is told, though all bytes have come that may", async () => {
      const path = await begin({ parameters: { fileName: "largest.txt", useUniqueFileName: false } });
      expect((await app.patch(path, 0, Buffer.alloc(100_000, "text "))).statusCode).toBe(204);
      expect((await app.send("GET", path)).statusCode).toBe(202);
      await finishUploadsJob.run(app.services, {} as never, new AbortController().signal);
      expect(await app.names()).not.toContain("largest.txt");
      expect((await app.patch(path, 100_000, "", told(100_000))).statusCode).toBe(204);
      expect(await app.names()).toContain("largest.txt");
    });
  });

  test("an account's storage is looked at as bytes come, and when the length is told", async () => {
    const own = await openResumableApp(engine, { ...limits, limits: { storageBytes: 10_000 } });
    try {
      const path = await begin({}, own);
      expect((await own.patch(path, 0, Buffer.alloc(6000))).statusCode).toBe(204);
      expect(refusalOf(await own.patch(path, 6000, Buffer.alloc(100), told(10_001)))).toEqual([
        400,
        "STORAGE_LIMIT_EXCEEDED",
      ]);
      expect(refusalOf(await own.patch(path, 6000, Buffer.alloc(5000)))).toEqual([400, "STORAGE_LIMIT_EXCEEDED"]);
      const offset = await own.offsetOf(path);
      expect((await own.patch(path, offset, Buffer.alloc(10_000 - offset), told(10_000))).statusCode).toBe(204);
      const answer = await own.send("POST", collection, {
        headers: { "upload-defer-length": "1", "upload-metadata": metadataOf({ fileName: "b" }), ...basic },
      });
      expect(refusalOf(answer)).toEqual([400, "STORAGE_LIMIT_EXCEEDED"]);
    } finally {
      await own.close();
    }
  });
});

test("the disk needs no room for the plan's largest file, and each piece's own length", async () => {
  const own = await openResumableApp(sqliteEngine, { plan: "unlimited" });
  try {
    const assert = vi.spyOn(own.parts.freeSpace, "assert");
    const path = await begin({}, own);
    await own.patch(path, 0, Readable.from(["hello"]));
    await own.patch(path, 5, "world");
    const asked = assert.mock.calls.map(([{ blobs }]) => blobs);
    expect(asked).toEqual([1, 64 * 1024 * 1024, 5]);
  } finally {
    await own.close();
  }
});
