import { mkdtemp, rm } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { IncomingFile } from "../../../library/content/incoming-file.ts";
import { type RemoteServer, startRemoteServer } from "../../../network/testing/remote-server.ts";
import { privateHost, rulesOf } from "../../../network/testing/rules.ts";
import { Spool } from "../../../spool/spool.ts";
import { ClientGone } from "./body-reader.ts";
import { type RemoteFileOptions, receiveRemoteFile } from "./remote-file.ts";

const KiB = 1024;
const fileSize = { file: 64 * KiB, video: 256 * KiB };
/** The first bytes of an MP4, by which its larger limit is chosen. */
const videoHead = Buffer.from("\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "latin1");

let folder: string;
let spool: Spool;
let target: RemoteServer | undefined;
let file: IncomingFile;
let leave: AbortController;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-remote-"));
  spool = await Spool.open(folder);
});
afterAll(() => rm(folder, { recursive: true }));

beforeEach(() => {
  target = undefined;
  file = new IncomingFile(spool, fileSize);
  leave = new AbortController();
});

afterEach(async () => {
  await file.discard();
  expect(spool.usage()).toMatchObject({ files: 0, bytes: 0 });
  await target?.idle();
  await target?.close();
});

async function receiveFrom(listener: RequestListener, options: Partial<RemoteFileOptions> = {}): Promise<void> {
  target = await startRemoteServer(listener);
  await receive(`http://${target.authority}/`, options);
}

function receive(url: string, options: Partial<RemoteFileOptions> = {}): Promise<void> {
  const limits = { remoteHeadersMs: 5000, stallMs: 5000 };
  return receiveRemoteFile(url, file, { rules: rulesOf(), limits, totalMs: 10_000, signal: leave.signal, ...options });
}

/** Sends an endless chunked body at the reader's pace, until the reader leaves. */
function endless(head: Buffer): RequestListener {
  function* chunks(): Generator<Buffer> {
    yield head;
    for (;;) yield Buffer.alloc(16 * KiB);
  }
  return (_request, response) => pipeline(chunks, response, () => {});
}

test("the file is what the URL answers with", async () => {
  const bytes = Buffer.alloc(fileSize.file, "0123456789");
  await receiveFrom((_request, response) => response.end(bytes));
  const spooled = await file.finish();
  expect(spooled?.size).toBe(bytes.length);
  if (spooled === undefined || !("chunks" in spooled)) throw new Error("it is not in memory");
  expect(Buffer.concat(spooled.chunks).equals(bytes)).toBe(true);
});

test("an empty answer is no file", async () => {
  await receiveFrom((_request, response) => response.end());
  expect(await file.finish()).toBeUndefined();
});

test("a file that does not say how large it is may grow up to the limit for its kind", async () => {
  await expect(receiveFrom(endless(Buffer.from("text")))).rejects.toMatchObject({
    reason: "FILE_TOO_LARGE",
    message: expect.stringContaining(`exceeds ${fileSize.file} bytes`),
  });
});

test("a video may grow up to its own limit", async () => {
  await expect(receiveFrom(endless(videoHead))).rejects.toMatchObject({
    reason: "FILE_TOO_LARGE",
    message: expect.stringContaining(`exceeds ${fileSize.video} bytes`),
  });
});

test.each([
  ["over every limit before a byte of it has come", Buffer.alloc(0), fileSize.video + 1, fileSize.video],
  ["over the limit of its kind once that is known", Buffer.alloc(8 * KiB, "text"), fileSize.file + 1, fileSize.file],
])("a file that says it is too large is refused %s", async (_when, head, length, limit) => {
  // What was announced never comes, so that only the announcement can have been the reason.
  const refused = receiveFrom((_request, response) => {
    response.writeHead(200, { "content-length": length });
    if (head.length === 0) response.flushHeaders();
    else response.write(head);
  });
  await expect(refused).rejects.toMatchObject({
    reason: "FILE_TOO_LARGE",
    message: expect.stringContaining(`exceeds ${limit} bytes`),
  });
});

test("a failed download names the parameter and says why, but nothing of what the server answered", async () => {
  const refused = receiveFrom((_request, response) => response.writeHead(404, "Internals").end("internals"));
  const error = await refused.catch((caught: unknown) => caught);
  expect(error).toMatchObject({ status: 400, reason: "FILE_URL_UNREACHABLE" });
  expect(JSON.parse(JSON.stringify(error))).toMatchObject({
    message: "Your request contains invalid file parameter. The file could not be downloaded from its URL.",
    help: expect.stringMatching(/^Its server answered with the status 404\./),
  });
  expect(JSON.stringify(error)).not.toMatch(/internals/i);
});

test("a URL that is not fetched is refused for what it is, without naming an address", async () => {
  for (const url of [`http://${privateHost}/`, "http://user:password@example.com/", "https://", "http://[::1]/"]) {
    const error = await receive(url).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ status: 400, reason: "FILE_URL_NOT_ALLOWED" });
    expect(JSON.stringify(error)).not.toMatch(/127\.|::1|password@/);
  }
  const resolved = await receive("http://private.test/", { rules: rulesOf({ "private.test": [[privateHost]] }) }).catch(
    (caught: unknown) => caught,
  );
  expect(resolved).toMatchObject({ status: 400, reason: "FILE_URL_UNREACHABLE" });
  expect(JSON.stringify(resolved)).not.toContain(privateHost);
});

test("when the client has left, that is what happened", async () => {
  const refused = receiveFrom((_request, response) => {
    response.write("start");
    leave.abort();
  });
  await expect(refused).rejects.toThrow(ClientGone);
});
