import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { describeEngines } from "../../../testing/engines.ts";
import { openPiece } from "./testing/open-piece.ts";
import { openResumableApp, publicUrl, type ResumableApp } from "./testing/resumable-app.ts";

const kilobytes = (count: number, letter = "a") => Buffer.alloc(count * 1024, letter);

/** The machine may be busy. */
const patience = { timeout: 20_000 };

describeEngines((engine) => {
  let app: ResumableApp;
  let url: string;
  /** The bytes that have come into the store. */
  let taken: number;
  beforeEach(async () => {
    app = await openResumableApp(engine);
    url = await app.listen();
    taken = 0;
    const { partial } = app.parts.blobs;
    const append = partial.append.bind(partial);
    vi.spyOn(partial, "append").mockImplementation((state, chunks, signal) => append(state, counted(chunks), signal));
  });
  afterEach(() => app?.close());

  async function* counted(chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      taken += chunk.byteLength;
      yield chunk;
    }
  }
  /** Waits for what a piece has written: a request that comes before it finds a session without it. */
  const arrival = (bytes: number) => vi.waitFor(() => expect(taken).toBe(bytes), patience);

  const parameters = { fileName: "cut.bin", useUniqueFileName: false } as const;
  const storedSize = async () => (await app.app.inject({ url: "/demo/cut.bin" })).rawPayload.length;

  test("what came before a connection broke is kept, and the upload goes on behind it", async () => {
    const path = await app.create({ length: 200 * 1024, parameters });
    const piece = openPiece(url, path, 0, 200 * 1024);
    await piece.write(kilobytes(80));
    await arrival(80 * 1024);
    piece.break();
    const offset = await vi.waitFor(async () => {
      const told = await app.offsetOf(path);
      expect(told).toBeGreaterThan(0);
      return told;
    }, patience);
    expect(offset).toBe(80 * 1024);
    expect((await app.patch(path, offset, kilobytes(120))).statusCode).toBe(204);
    expect(await storedSize()).toBe(200 * 1024);
  });

  test("a newer request has the holder let go, which answers with 423", async () => {
    const path = await app.create({ length: 100 * 1024, parameters });
    const stalled = openPiece(url, path, 0, 100 * 1024);
    await stalled.write(kilobytes(40));
    await arrival(40 * 1024);
    expect(await app.offsetOf(path)).toBe(40 * 1024);
    expect(await stalled.answer).toMatchObject({ status: 423, body: expect.stringContaining("UPLOAD_TAKEN_OVER") });
    expect((await app.patch(path, 40 * 1024, kilobytes(60))).statusCode).toBe(204);
    expect(await storedSize()).toBe(100 * 1024);
  });

  test("a request to another server does so too", async () => {
    const other = await app.another();
    const path = await app.create({ length: 100 * 1024, parameters });
    const stalled = openPiece(url, path, 0, 100 * 1024);
    await stalled.write(kilobytes(40));
    await arrival(40 * 1024);
    const headers = { "tus-resumable": "1.0.0" };
    const asked = await other.app.inject({ method: "HEAD", url: path, headers });
    expect([asked.statusCode, asked.headers["upload-offset"]]).toEqual([200, String(40 * 1024)]);
    expect((await stalled.answer).status).toBe(423);
    const rest = await other.app.inject({
      method: "PATCH",
      url: path,
      headers: { ...headers, "upload-offset": String(40 * 1024), "content-type": "application/offset+octet-stream" },
      payload: kilobytes(60),
    });
    expect(rest.statusCode).toBe(204);
    expect(await storedSize()).toBe(100 * 1024);
  });

  test("a server that shuts down keeps what came, and says so", async () => {
    const path = await app.create({ length: 100 * 1024, parameters });
    const piece = openPiece(url, path, 0, 100 * 1024);
    await piece.write(kilobytes(40));
    await arrival(40 * 1024);
    const other = await app.another();
    const drained = app.drain();
    expect(await piece.answer).toMatchObject({ status: 503, body: expect.stringContaining("PIECE_INTERRUPTED") });
    await drained;
    const asked = await other.app.inject({ method: "HEAD", url: path, headers: { "tus-resumable": "1.0.0" } });
    expect([asked.statusCode, asked.headers["upload-offset"]]).toEqual([200, String(40 * 1024)]);
  });

  test("a server that shuts down takes a piece that comes to its end in time", async () => {
    const path = await app.create({ length: 100 * 1024, parameters });
    const piece = openPiece(url, path, 0, 100 * 1024);
    await piece.write(kilobytes(40));
    await arrival(40 * 1024);
    const other = await app.another();
    const drained = app.drain();
    await piece.write(kilobytes(60));
    expect(await piece.answer).toMatchObject({ status: 204, offset: String(100 * 1024) });
    await drained;
    const answer = await other.app.inject({ url: path, headers: { "tus-resumable": "1.0.0" } });
    expect([answer.statusCode, answer.json().size]).toEqual([200, 100 * 1024]);
  });

  test("a client that leaves while its upload is stored doesn't stop that", async () => {
    const path = await app.create({ length: 100 * 1024, parameters });
    const piece = openPiece(url, path, 0, 100 * 1024);
    const { partial } = app.parts.blobs;
    vi.spyOn(partial, "complete").mockImplementationOnce(async (...input) => {
      piece.break();
      await sleep(100);
      return partial.complete(...input);
    });
    await piece.write(kilobytes(100));
    await vi.waitFor(async () => expect(await storedSize()).toBe(100 * 1024), patience);
    expect((await app.send("GET", path)).statusCode).toBe(200);
  });

  test("a body that doesn't end where the length does is refused", async () => {
    const path = await app.create({ length: 10, parameters });
    const piece = openPiece(url, path, 0, undefined);
    await piece.write("hello world");
    piece.end();
    expect(await piece.answer).toMatchObject({ status: 413, body: expect.stringContaining("PIECE_BEYOND_LENGTH") });
    expect(await app.offsetOf(path)).toBe(0);
    expect((await app.patch(path, 0, "helloworld")).statusCode).toBe(204);
  });

  test("first bytes that break off leave a session whose address is not lost", async () => {
    const headers = {
      "content-type": "application/offset+octet-stream",
      "upload-checksum": `sha1 ${btoa("x".repeat(20))}`,
    };
    const answer = await app.tryCreate({ headers, body: "hello" });
    expect([answer.statusCode, answer.headers["upload-offset"]]).toEqual([201, "0"]);
    const path = String(answer.headers.location).slice(publicUrl.length);
    expect(await app.offsetOf(path)).toBe(0);
  });
});
