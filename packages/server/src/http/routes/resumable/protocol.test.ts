import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { SluiceError } from "@sluice/protocol";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { createKeyPair, revokeKeyPair } from "../../../accounts/manage-key-pairs.ts";
import { StorageError } from "../../../storage/storage-error.ts";
import { sqliteEngine } from "../../../testing/engines.ts";
import { finishComplete } from "../../../upload/resumable/finish-session.ts";
import { RunningHash } from "../../../upload/resumable/running-hashes.ts";
import { SessionRequest } from "../../../upload/resumable/session-request.ts";
import { openPiece } from "./testing/open-piece.ts";
import {
  basic,
  collection,
  metadataOf,
  mint,
  openResumableApp,
  publicUrl,
  type ResumableApp,
  reasonOf,
} from "./testing/resumable-app.ts";

let app: ResumableApp;
beforeAll(async () => {
  app = await openResumableApp(sqliteEngine, { plan: "free" });
});
afterAll(() => app?.close());
afterEach(() => vi.restoreAllMocks());

const pathOf = (answer: { readonly headers: { readonly location?: unknown } }) =>
  String(answer.headers.location).slice(publicUrl.length);

/** The bytes that the store has of unfinished uploads, acknowledged or not. */
async function unfinishedBytes({ services: { blobs } }: ResumableApp): Promise<number> {
  const folder = join(blobs.localFolder ?? "", "partial");
  const sizes = (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

describe("the protocol", () => {
  test("of another version is refused with the versions that there are, and nothing is done", async () => {
    const path = await app.create();
    for (const version of ["0.2.2", "", "1.0.0, 2.0.0"]) {
      for (const [method, url] of [
        ["POST", collection],
        ["PATCH", path],
        ["DELETE", path],
      ] as const) {
        const answer = await app.send(method, url, { headers: { "tus-resumable": version } });
        expect([answer.statusCode, reasonOf(answer)]).toEqual([412, "TUS_VERSION_UNSUPPORTED"]);
        expect(answer.headers).toMatchObject({ "tus-version": "1.0.0", "tus-resumable": "1.0.0" });
      }
    }
    expect(await app.offsetOf(path)).toBe(0);
  });

  test("is described by OPTIONS, which is also a preflight", async () => {
    for (const url of [collection, `${collection}/${"a".repeat(43)}`]) {
      const { statusCode, headers } = await app.app.inject({
        method: "OPTIONS",
        url,
        headers: { "access-control-request-headers": "tus-resumable,upload-length" },
      });
      expect(statusCode).toBe(204);
      expect(headers).toMatchObject({
        "tus-version": "1.0.0",
        "tus-extension": "creation,creation-with-upload,creation-defer-length,termination,expiration,checksum",
        "tus-checksum-algorithm": "sha1,sha256",
        "tus-max-size": String(25 * 1024 * 1024),
        "access-control-allow-origin": "*",
        "access-control-allow-headers": "tus-resumable,upload-length",
      });
      expect(headers["access-control-allow-methods"]).toContain("PATCH");
    }
  });

  test("refuses what it does not offer", async () => {
    const metadata = { "upload-metadata": metadataOf({ fileName: "a.txt", token: await mint({ fileName: "a.txt" }) }) };
    const answer = await app.send("POST", collection, {
      headers: { ...metadata, "upload-length": "5", "upload-concat": "partial" },
    });
    expect([answer.statusCode, reasonOf(answer)]).toEqual([400, "TUS_EXTENSION_UNSUPPORTED"]);
    // The token is as good as before.
    expect((await app.send("POST", collection, { headers: { ...metadata, "upload-length": "5" } })).statusCode).toBe(
      201,
    );
  });

  test.each([
    ["Upload-Length", { "upload-length": "1.5" }],
    ["Upload-Length", { "upload-length": "-1" }],
    ["Upload-Length", { "upload-length": "9007199254740992" }],
    ["Upload-Length", {}],
    ["Upload-Checksum", { "upload-length": "5", "upload-checksum": "md5 aaaa" }],
    ["Upload-Checksum", { "upload-length": "5", "upload-checksum": "sha1 aaaa" }],
  ])("refuses a bad %s, %o", async (header, headers) => {
    const metadata = metadataOf({ fileName: "a.txt", token: await mint({ fileName: "a.txt" }) });
    const answer = await app.send("POST", collection, { headers: { "upload-metadata": metadata, ...headers } });
    expect([answer.statusCode, reasonOf(answer)]).toEqual([400, "TUS_HEADER_INVALID"]);
    expect(answer.json().message).toContain(header);
  });

  test("refuses a piece of another type, or without an offset", async () => {
    const path = await app.create();
    const typed = await app.patch(path, 0, "hello", { "content-type": "text/plain" });
    const without = await app.send("PATCH", path, {
      headers: { "content-type": "application/offset+octet-stream" },
      body: "hello",
    });
    for (const answer of [typed, without]) {
      expect([answer.statusCode, reasonOf(answer)]).toEqual([expect.any(Number), "TUS_HEADER_INVALID"]);
    }
    expect(await app.offsetOf(path)).toBe(0);
  });

  test.each([
    ["Content-Type", { "content-type": "text/plain", "upload-offset": "x" }],
    ["Upload-Concat", { "upload-concat": "whole", "upload-defer-length": "2" }],
    ["Upload-Defer-Length", { "upload-defer-length": "2", "upload-length": "x" }],
    ["Upload-Length", { "upload-length": "1e1", "upload-offset": "x" }],
    ["Upload-Offset", { "upload-offset": "00" }],
    ["Upload-Offset", { "upload-offset": "0, 0" }],
  ])("refuses a piece for the first of its bad headers, %s, %o", async (header, headers) => {
    const path = await app.create();
    const answer = await app.patch(path, 0, "hello", headers);
    expect([answer.statusCode, reasonOf(answer)]).toEqual([400, "TUS_HEADER_INVALID"]);
    expect(answer.json().message).toContain(header);
    expect(await app.offsetOf(path)).toBe(0);
  });

  test("asks with other methods for no type, and for well-formed headers all the same", async () => {
    const path = await app.create();
    const typed = await app.send("HEAD", path, { headers: { "content-type": "text/plain" } });
    expect([typed.statusCode, typed.headers["upload-offset"]]).toEqual([200, "0"]);
    for (const method of ["HEAD", "DELETE"] as const) {
      expect((await app.send(method, path, { headers: { "upload-offset": "x" } })).statusCode).toBe(400);
    }
    expect(await app.offsetOf(path)).toBe(0);
  });

  test("lets a POST mean another method", async () => {
    const path = await app.create();
    const as = (method: string, headers: Record<string, string> = {}, body?: string) =>
      app.send("POST", path, {
        headers: { "x-http-method-override": method, ...headers },
        ...(body !== undefined && { body }),
      });
    const bytes = { "upload-offset": "0", "content-type": "application/offset+octet-stream" };
    expect((await as("PATCH", bytes, "hello")).statusCode).toBe(204);
    const asked = await as("HEAD");
    expect([asked.statusCode, asked.headers["upload-offset"], asked.body]).toEqual([200, "5", ""]);
    const none = await app.send("POST", path);
    expect([none.statusCode, reasonOf(none)]).toEqual([405, "METHOD_NOT_ALLOWED"]);
    expect((await as("PUT")).statusCode).toBe(405);
    expect((await as("DELETE")).statusCode).toBe(204);
    expect(await app.offsetOf(path)).toBe(-404);
  });

  test("HEAD gives the metadata as they were sent, and is never cached", async () => {
    const metadata = metadataOf({
      fileName: "a.txt",
      filetype: "text/plain",
      token: await mint({ fileName: "a.txt" }),
    });
    const path = pathOf(
      await app.send("POST", collection, { headers: { "upload-metadata": metadata, "upload-length": "7" } }),
    );
    const { headers } = await app.send("HEAD", path);
    expect(headers).toMatchObject({
      "upload-metadata": metadata,
      "upload-length": "7",
      "cache-control": "no-store",
      "tus-resumable": "1.0.0",
    });
  });
});

describe("a creation", () => {
  test("by the private key needs no token, and has no other", async () => {
    const path = await app.create({
      parameters: { fileName: "b.txt" },
      headers: basic,
      pairs: { filename: "x", type: "text/plain" },
    });
    expect((await app.patch(path, 0, "helloworld")).statusCode).toBe(204);
    const both = await app.tryCreate({ headers: basic, token: await mint({ fileName: "a.txt" }) });
    expect([both.statusCode, reasonOf(both)]).toEqual([400, "TOKEN_AND_BASIC_AUTH"]);
  });

  test("leaves the keys of tus clients out, unless the token claims them", async () => {
    const pairs = { filename: "a", filetype: "b", name: "c", type: "d", relativePath: "e" };
    expect((await app.tryCreate({ pairs })).statusCode).toBe(201);
    const parameters = { fileName: "a.txt", name: "c" } as never;
    const token = await mint(parameters).catch(() => undefined);
    if (token !== undefined) expect((await app.tryCreate({ parameters, token })).statusCode).toBe(201);
  });

  test.each([
    ["TOKEN_MISSING", { token: "" }],
    ["TOKEN_INVALID", { token: "a.b.c" }],
    ["PAYLOAD_MISMATCH", { pairs: { folder: "/x" } }],
    ["PARAMETER_INVALID", { pairs: { file: "x" } }],
    ["FILE_NAME_MISSING", { parameters: {} as never, headers: basic }],
    ["FOLDER_INVALID", { parameters: { fileName: "a", folder: "/a/../b" }, headers: basic }],
    ["CHECKS_FAILED", { parameters: { fileName: "a", checks: '"request.fileName" = "b"' } }],
    ["FILE_MISSING", { length: 0 }],
  ])("is refused with %s", async (reason, creation) => {
    const answer = await app.tryCreate(creation);
    expect([answer.statusCode, reasonOf(answer)]).toEqual([400, reason]);
    expect(answer.headers.location).toBeUndefined();
  });

  test("is refused with 413 if its length exceeds every limit", async () => {
    const answer = await app.tryCreate({ length: 26 * 1024 * 1024 });
    expect([answer.statusCode, reasonOf(answer)]).toEqual([413, "FILE_TOO_LARGE"]);
  });

  test("is refused with 413 if its length exceeds what the store can hold", async () => {
    const { partial } = app.parts.blobs;
    const { maxLength } = partial;
    const place = partial as { maxLength: number };
    place.maxLength = 1000;
    try {
      const answer = await app.tryCreate({ length: 1001 });
      expect([answer.statusCode, reasonOf(answer)]).toEqual([413, "FILE_TOO_LARGE"]);
      expect(answer.body).toContain("1000 bytes");
      expect((await app.send("OPTIONS", collection)).headers["tus-max-size"]).toBe("1000");
      expect((await app.tryCreate({ length: 1000 })).statusCode).toBe(201);
    } finally {
      place.maxLength = maxLength;
    }
  });

  test("is told its address without a second look at the session, which might fail", async () => {
    const find = vi.spyOn(SessionRequest.prototype, "find");
    const headers = { "content-type": "application/offset+octet-stream" };
    const answers = [await app.tryCreate(), await app.tryCreate({ headers, body: "hello" })];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([201, 201]);
    expect(find).not.toHaveBeenCalled();
    expect(await Promise.all(answers.map((answer) => app.offsetOf(pathOf(answer))))).toEqual([0, 5]);
  });

  test("that is refused leaves the token as it was", async () => {
    const parameters = { fileName: "again.txt" };
    const token = await mint(parameters);
    expect((await app.tryCreate({ parameters, token, pairs: { tags: "x" } })).statusCode).toBe(400);
    expect((await app.tryCreate({ parameters, token, length: 0 })).statusCode).toBe(400);
    expect((await app.tryCreate({ parameters, token })).statusCode).toBe(201);
  });
});

describe("the end of an upload", () => {
  const failOnce = () =>
    vi.spyOn(app.parts.blobs.partial, "complete").mockRejectedValueOnce(new StorageError("STORAGE_FAILED", "down"));

  test("that fails for the storage comes with the next question, once", async () => {
    const path = await app.create({ parameters: { fileName: "late.txt", useUniqueFileName: false } });
    failOnce();
    const last = await app.patch(path, 0, "helloworld");
    expect([last.statusCode, reasonOf(last)]).toEqual([503, "STORAGE_UNAVAILABLE"]);
    failOnce();
    expect(await app.offsetOf(path)).toBe(-423);
    expect(await app.offsetOf(path)).toBe(10);
    expect((await app.send("GET", path)).json()).toMatchObject({
      name: "late.txt",
      versionInfo: { name: "Version 1" },
    });
  });

  test("takes a place among the uploads, whoever asks for it, and needs no second look at the bytes", async () => {
    const path = await app.create();
    failOnce();
    await app.patch(path, 0, "helloworld");
    const take = vi.spyOn(app.services.admission.authenticated, "take");
    const hashed = vi.spyOn(RunningHash.prototype, "update");
    take.mockRejectedValueOnce(new SluiceError("SERVER_BUSY"));
    expect(await app.offsetOf(path)).toBe(-423);
    expect(await app.offsetOf(path)).toBe(10);
    expect(await app.offsetOf(path)).toBe(10);
    expect(take).toHaveBeenCalledTimes(2);
    expect(hashed).not.toHaveBeenCalled();
    expect(app.services.admission.authenticated.usage).toEqual({ taken: 0, waiting: 0 });
  });

  test("comes for a few uploads of a client at a time, and for the others in their turn", async () => {
    let [current, most] = [0, 0];
    const { partial } = app.parts.blobs;
    const complete = partial.complete.bind(partial);
    vi.spyOn(partial, "complete").mockImplementation(async (...input) => {
      most = Math.max(most, ++current);
      await sleep(20);
      return complete(...input).finally(() => current--);
    });
    const paths = await Promise.all(Array.from({ length: 20 }, () => app.create()));
    const answers = await Promise.all(paths.map((path) => app.patch(path, 0, "helloworld")));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(20).fill(204));
    expect(most).toBe(8);
    expect(app.services.admission.finishing.usage).toEqual({ taken: 0, waiting: 0 });
  });

  test("that finds no turn in time leaves the upload as it is, and comes with the next question", async () => {
    const path = await app.create();
    vi.spyOn(app.services.admission.finishing, "take").mockRejectedValueOnce(new SluiceError("SERVER_BUSY"));
    const last = await app.patch(path, 0, "helloworld");
    expect([last.statusCode, reasonOf(last)]).toEqual([503, "SERVER_BUSY"]);
    expect(await app.offsetOf(path)).toBe(10);
    expect((await app.send("GET", path)).statusCode).toBe(200);
  });

  test("is told by no offset until it has come", async () => {
    const headers = { "content-type": "application/offset+octet-stream" };
    failOnce();
    const created = await app.tryCreate({ headers, body: "helloworld" });
    expect([created.statusCode, created.headers["upload-offset"]]).toEqual([201, undefined]);
    expect(await app.offsetOf(pathOf(created))).toBe(10);
  });

  test("comes by a job where nobody asks", async () => {
    const path = await app.create({ parameters: { fileName: "job.txt", useUniqueFileName: false } });
    failOnce();
    await app.patch(path, 0, "helloworld");
    const { digestOfSession } = await import("../../../upload/resumable/sessions/session.ts");
    await finishComplete(app.services, digestOfSession(path.split("/").at(-1) ?? ""), new AbortController().signal);
    expect((await app.send("GET", path)).statusCode).toBe(200);
    expect(await app.names()).toContain("job.txt");
  });

  test("is the same for a client that asks again with no bytes", async () => {
    const path = await app.create();
    await app.patch(path, 0, "helloworld");
    for (let round = 0; round < 2; round++) {
      const again = await app.patch(path, 10, "");
      expect([again.statusCode, again.headers["upload-offset"]]).toEqual([204, "10"]);
    }
    const more = await app.patch(path, 10, "x");
    expect([more.statusCode, reasonOf(more)]).toEqual([413, "PIECE_BEYOND_LENGTH"]);
  });
});

test("a key pair, and a client, have so many open sessions", async () => {
  const limits = { resumableSessionsPerKey: 2, resumableSessionsPerAddress: 3 };
  const own = await openResumableApp(sqliteEngine, { limits });
  try {
    const first = await own.create();
    await own.create();
    const token = await mint({ fileName: "a.txt" });
    const third = await own.tryCreate({ token });
    expect([third.statusCode, reasonOf(third)]).toEqual([429, "TOO_MANY_OPEN_UPLOADS"]);
    expect((await own.send("DELETE", first)).statusCode).toBe(204);
    expect((await own.tryCreate({ token })).statusCode).toBe(201);
  } finally {
    await own.close();
  }
});

describe("an account whose storage is limited", () => {
  let own: ResumableApp;
  beforeAll(async () => {
    own = await openResumableApp(sqliteEngine, { limits: { storageBytes: 100 } });
  });
  afterAll(() => own?.close());

  test("begins no upload that can't fit", async () => {
    const answer = await own.tryCreate({ length: 101 });
    expect([answer.statusCode, reasonOf(answer)]).toEqual([400, "STORAGE_LIMIT_EXCEEDED"]);
  });

  test("has the bytes of open uploads counted when a piece comes", async () => {
    const [one, two] = [await own.create({ length: 80 }), await own.create({ length: 80 })];
    expect((await own.patch(one, 0, "x".repeat(60))).statusCode).toBe(204);
    const beyond = await own.patch(two, 0, "x".repeat(60));
    expect([beyond.statusCode, reasonOf(beyond)]).toEqual([400, "STORAGE_LIMIT_EXCEEDED"]);
    expect(await own.offsetOf(two)).toBe(0);
    expect((await own.send("DELETE", one)).statusCode).toBe(204);
    expect((await own.patch(two, 0, "x".repeat(80))).statusCode).toBe(204);
    expect((await own.send("DELETE", two)).statusCode).toBe(204);
  });

  test("takes no room for pieces that are longer than what is left of their upload", async () => {
    const path = await own.create({ length: 20 });
    expect((await own.patch(path, 0, "x".repeat(5))).statusCode).toBe(204);
    const beyond = await own.patch(path, 5, Readable.from(["x".repeat(15), "x"]));
    expect([beyond.statusCode, reasonOf(beyond)]).toEqual([413, "PIECE_BEYOND_LENGTH"]);
    expect(await unfinishedBytes(own)).toBe(5);
  });
});

test("a piece of which no length is announced finds room on the disk for all that is left", async () => {
  const MiB = 1024 * 1024;
  const own = await openResumableApp(sqliteEngine, { maxFileSize: 200 * MiB });
  try {
    const assert = vi.spyOn(own.parts.freeSpace, "assert").mockResolvedValue();
    const path = await own.create({ length: 150 * MiB });
    const looks = () => assert.mock.calls.splice(0).map(([{ spool }]) => spool / MiB);
    expect(looks()).toEqual([150]);
    const checksum = { "upload-checksum": `sha1 ${createHash("sha1").update("x").digest("base64")}` };
    expect((await own.patch(path, 0, Readable.from([Buffer.from("y")]), checksum)).statusCode).toBe(460);
    expect(looks()).toEqual([150, own.services.config.limits.resumableChecksumBytes / MiB]);
    const chunks = function* (count: number) {
      for (let at = 0; at < count; at++) yield Buffer.alloc(MiB);
    };
    expect((await own.patch(path, 0, Readable.from(chunks(70)))).statusCode).toBe(204);
    expect(looks()).toEqual([150, 150 - 63]);
    assert.mockResolvedValueOnce().mockRejectedValueOnce(new StorageError("STORAGE_FULL", "full"));
    expect((await own.patch(path, 70 * MiB, Readable.from(chunks(80)))).statusCode).toBe(503);
    expect(await own.offsetOf(path)).toBe((70 + 63) * MiB);
  } finally {
    await own.close();
  }
});

test("pieces that come at the same time don't pass the storage limit, nor does what is begun behind them", async () => {
  const own = await openResumableApp(sqliteEngine, { limits: { storageBytes: 100 } });
  try {
    const paths = [await own.create({ length: 80 }), await own.create({ length: 80 })];
    let begun = 0;
    const both = Promise.withResolvers<void>();
    async function* bytes() {
      yield "x".repeat(30);
      begun += 1;
      if (begun === 2) both.resolve();
      await both.promise;
      yield "x".repeat(30);
    }
    const answers = await Promise.all(paths.map((path) => own.patch(path, 0, Readable.from(bytes()))));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([204, 400]);
    expect(answers.map(reasonOf)).toContain("STORAGE_LIMIT_EXCEEDED");
    expect((await Promise.all(paths.map(own.offsetOf))).sort()).toEqual([0, 60]);
    expect(await unfinishedBytes(own)).toBe(60);
    expect(reasonOf(await own.tryCreate({ length: 41 }))).toBe("STORAGE_LIMIT_EXCEEDED");
    expect((await own.tryCreate({ length: 40 })).statusCode).toBe(201);
  } finally {
    await own.close();
  }
});

test("a session whose time is over has ended", async () => {
  const own = await openResumableApp(sqliteEngine, { limits: { resumableSessionMs: 400 } });
  try {
    const path = await own.create();
    await own.patch(path, 0, "hello");
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await own.offsetOf(path)).toBe(-410);
    expect((await own.patch(path, 5, "world")).statusCode).toBe(410);
    expect((await own.send("GET", path)).statusCode).toBe(410);
  } finally {
    await own.close();
  }
});

test("a file that is too long for its type ends with its first bytes", async () => {
  const own = await openResumableApp(sqliteEngine, { maxFileSize: 10_000 });
  try {
    const path = await own.create({ length: 20_000 });
    const first = await own.patch(path, 0, Buffer.alloc(5000, "text "));
    expect([first.statusCode, reasonOf(first)]).toEqual([413, "FILE_TOO_LARGE"]);
    expect(first.headers["x-should-retry"]).toBe("false");
    expect(await own.offsetOf(path)).toBe(-413);
    expect(await own.names()).toEqual([]);
  } finally {
    await own.close();
  }
});

describe("a first piece that fails", () => {
  const headers = { "content-type": "application/offset+octet-stream" };
  const counted = async (outcome: string) => {
    const { values } = await app.parts.metrics.pieces.get();
    return values.find(({ labels }) => labels.outcome === outcome)?.value ?? 0;
  };
  /** The lines about failures. */
  function watchLog() {
    const { logger } = app.services;
    const child = logger.child.bind(logger);
    const error = vi.fn();
    vi.spyOn(logger, "child").mockImplementation((...given) => Object.assign(child(...given), { error }));
    return error;
  }

  test("by the server's fault is logged and counted, though its session is told", async () => {
    const log = watchLog();
    const failure = new StorageError("STORAGE_FAILED", "The disk is gone");
    vi.spyOn(app.parts.blobs.partial, "append").mockImplementationOnce(async (state) => ({ state, cause: failure }));
    const [taken, failed] = [await counted("taken"), await counted("STORAGE_UNAVAILABLE")];
    const answer = await app.tryCreate({ headers, body: "hello" });
    expect([answer.statusCode, answer.headers["upload-offset"]]).toEqual([201, "0"]);
    expect([await counted("taken"), await counted("STORAGE_UNAVAILABLE")]).toEqual([taken, failed + 1]);
    expect(log).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ err: failure, reason: "STORAGE_UNAVAILABLE" }),
      expect.any(String),
    );
  });

  test("by its client's fault is only counted", async () => {
    const log = watchLog();
    const mismatches = await counted("CHECKSUM_MISMATCH");
    const sum = { "upload-checksum": `sha1 ${createHash("sha1").update("other").digest("base64")}` };
    expect((await app.tryCreate({ headers: { ...headers, ...sum }, body: "hello" })).statusCode).toBe(201);
    expect(await counted("CHECKSUM_MISMATCH")).toBe(mismatches + 1);
    expect(log).not.toHaveBeenCalled();
  });
});

test("a session of a revoked key has ended", async () => {
  const account = { imagekit_id: "demo" };
  const pair = { publicKey: "public_gone", privateKey: "private_gone" };
  await app.parts.database.run(createKeyPair, {
    account,
    pair,
    rights: { role: "upload", mayOverwrite: false },
    now: 1,
  });
  const path = await app.create({ headers: { authorization: `Basic ${btoa("private_gone:")}` } });
  await app.patch(path, 0, "hello");
  await app.parts.database.run(revokeKeyPair, { account, revoked: { public_key: "public_gone" }, now: Date.now() });
  expect((await app.patch(path, 5, "world")).statusCode).toBe(404);
  expect(await app.offsetOf(path)).toBe(-404);
});

describe("a client that is too slow", () => {
  let own: ResumableApp;
  let url: string;
  beforeAll(async () => {
    own = await openResumableApp(sqliteEngine, { limits: { stallMs: 300, bodyBytesPerSecond: 1 } });
    url = await own.listen();
  });
  afterAll(() => own?.close());

  test("keeps what it has sent, and is told to go on", async () => {
    const path = await own.create();
    const piece = openPiece(url, path, 0, 10);
    await piece.write("hello");
    expect(await piece.answer).toMatchObject({ status: 503, body: expect.stringContaining("PIECE_INTERRUPTED") });
    expect(await own.offsetOf(path)).toBe(5);
    expect(own.services.admission.authenticated.usage).toEqual({ taken: 0, waiting: 0 });
  });

  test("has nothing kept of a piece with a checksum", async () => {
    const path = await own.create();
    const piece = openPiece(url, path, 0, 10, { "upload-checksum": `sha1 ${btoa("x".repeat(20))}` });
    await piece.write("hello");
    expect((await piece.answer).status).toBe(503);
    expect(await own.offsetOf(path)).toBe(0);
    expect(own.parts.spool.usage()).toEqual({ files: 0, bytes: 0 });
  });
});
