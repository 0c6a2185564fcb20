import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { get } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from "@zip.js/zip.js";
import Fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createKeyPair } from "../../accounts/manage-key-pairs.ts";
import type { Limits } from "../../config/limits.ts";
import { maxZipTickets } from "../../downloads/ticket-transactions.ts";
import type { DownloadDeps } from "../../downloads/zip-downloads.ts";
import { removeFileTransaction } from "../../library/files/edit-files.ts";
import { releaseContents } from "../../maintenance/sweep-blobs.ts";
import { describeEngines } from "../../testing/engines.ts";
import { openOtherConnection } from "../../testing/other-connection.ts";
import { never, openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { hashSecret } from "../../text/secrets.ts";
import { addErrorHandling } from "../plugins/errors.ts";
import { holdAgainstSchemas } from "../testing/held-against-schemas.ts";
import { zipDownloadsRoutes } from "./zip-downloads.ts";

const path = "/_sluice/zip-downloads";
const unknownId = "0123456789abcdef01234567";

describeEngines((engine) => {
  let fixture: UploadFixture;
  let app: FastifyInstance;
  let nodes: FastifyInstance[];
  let counted: { requests: number; bytes: number };

  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
    nodes = [];
    counted = { requests: 0, bytes: 0 };
    app = openNode();
  });
  afterEach(async () => {
    await Promise.all(nodes.map((node) => node.close()));
    await fixture.close();
  });

  /** An app as each process has one. */
  function openNode(limits: Partial<Limits> = {}, blobs: DownloadDeps["blobs"] = fixture.parts.blobs) {
    const node = Fastify();
    addErrorHandling(node);
    const agree = holdAgainstSchemas(node);
    node.addHook("onClose", async () => agree());
    const { config, principal } = fixture;
    node.register(
      zipDownloadsRoutes({
        ...fixture.services,
        blobs,
        config: { ...config, limits: { ...config.limits, ...limits } },
        publicUrl: () => "https://media.example",
        usageCounts: {
          add({ accountId, status, type }, requests, bytes) {
            expect([accountId, status, type]).toEqual([principal.accountId, 200, "application/zip"]);
            counted.requests += requests;
            counted.bytes += bytes;
          },
        },
      }),
    );
    nodes.push(node);
    return node;
  }

  const offer = async (payload: object, { at = app, account = "demo" } = {}) => {
    const headers = { authorization: `Basic ${btoa(`private_${account}:`)}` };
    const answer = await at.inject({ method: "POST", url: path, headers, payload });
    return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
  };
  const ticketFor = async (payload: object, at = app) => {
    const { status, body } = await offer(payload, { at });
    expect(status, JSON.stringify(body)).toBe(201);
    return new URL(body.url);
  };
  const download = (url: URL, at = app) => at.inject({ method: "GET", url: url.pathname + url.search });
  const reasonOf = (answer: Awaited<ReturnType<typeof download>>) => [answer.statusCode, answer.json().reason];
  const change = async (run: (connection: ReturnType<typeof openOtherConnection>) => Promise<unknown>) => {
    const other = openOtherConnection(fixture.config);
    await run(other).finally(() => other.destroy());
  };

  async function unpack(archive: Buffer) {
    const reader = new ZipReader(new Uint8ArrayReader(Uint8Array.from(archive)), {
      checkSignature: true,
      useWebWorkers: false,
    });
    const found: Record<string, string> = {};
    for (const entry of await reader.getEntries()) {
      if (entry.directory) throw new Error(`${entry.filename} is a folder`);
      found[entry.filename] = Buffer.from(await entry.getData(new Uint8ArrayWriter())).toString();
    }
    return found;
  }

  test("files and folders come as one archive, private ones and drafts included, in their current version", async () => {
    await fixture.upload("earlier", { fileName: "a.txt", folder: "/trip" });
    await fixture.upload("one", { fileName: "a.txt", folder: "/trip" });
    await fixture.upload("two", { fileName: "b.txt", folder: "/trip/day_1", isPrivateFile: "true" });
    await fixture.upload("three", { fileName: "c.txt", folder: "/trip/day_1", isPublished: "false" });
    const alone = await fixture.upload("four", { fileName: "a.txt" });
    const alike = await fixture.upload("five", { fileName: "a.txt", folder: "/other" });
    const inside = await fixture.upload("six", { fileName: "trip", folder: "/trip/deep" });
    await fixture.upload("theirs", { fileName: "a.txt", folder: "/trip" }, fixture.stranger);
    const selection = {
      fileIds: [alone.file_id, alike.file_id, alone.file_id, inside.file_id],
      folderPaths: ["trip/", "/trip", "/trip/day_1"],
    };
    const { status, body, headers } = await offer(selection);
    expect([status, headers["cache-control"]]).toEqual([201, "no-store"]);
    expect(body).toEqual({
      url: expect.stringMatching(/^https:\/\/media\.example\/_sluice\/zip-downloads\?ticket=[\w-]{43}$/),
      fileName: "demo.zip",
      files: 6,
      bytes: 22,
      expiresAt: new Date(fixture.time + 120_000).toISOString(),
    });
    const answer = await download(new URL(body.url));
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({
      "content-type": "application/zip",
      "content-length": String(answer.rawPayload.length),
      "content-disposition": "attachment; filename=demo.zip",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    });
    expect(await unpack(answer.rawPayload)).toEqual({
      "trip/a.txt": "one",
      "trip/day_1/b.txt": "two",
      "trip/day_1/c.txt": "three",
      "trip/deep/trip": "six",
      "a.txt": "four",
      "a (2).txt": "five",
    });
    expect(counted).toEqual({ requests: 1, bytes: answer.rawPayload.length });
  });

  test("a key pair that may only read gets no private file and no draft, whenever they became it", async () => {
    const pair = { publicKey: "public_reader", privateKey: "private_reader" };
    const rights = { role: "read", mayOverwrite: false } as const;
    await fixture.parts.database.run(createKeyPair, { account: { imagekit_id: "demo" }, pair, rights, now: 1 });
    const open = await fixture.upload("one", { fileName: "a.txt", folder: "/trip" });
    const url = new URL((await offer({ folderPaths: ["/trip"] }, { account: "reader" })).body.url);
    await fixture.upload("two", { fileName: "b.txt", folder: "/trip", isPrivateFile: "true" });
    await fixture.upload("three", { fileName: "c.txt", folder: "/trip", isPublished: "false" });
    const refused = await offer({ folderPaths: ["/trip"] }, { account: "reader" });
    expect([refused.status, refused.body.reason]).toEqual([403, "KEY_NOT_ALLOWED"]);
    expect(refused.body.help).toContain("2 of the files");
    expect(reasonOf(await download(url))).toEqual([403, "KEY_NOT_ALLOWED"]);
    const alone = await offer({ fileIds: [open.file_id] }, { account: "reader" });
    expect((await download(new URL(alone.body.url))).statusCode).toBe(200);
  });

  test("one folder gives the archive its name, the root folder keeps all paths", async () => {
    await fixture.upload("one", { fileName: "a.txt", folder: "/Größe/x" });
    await fixture.upload("two", { fileName: "a.txt" });
    const one = await download(await ticketFor({ folderPaths: ["/Größe"] }));
    expect(one.headers["content-disposition"]).toContain("filename*=UTF-8''Gr%C3%B6%C3%9Fe.zip");
    expect(await unpack(one.rawPayload)).toEqual({ "Größe/x/a.txt": "one" });
    const all = await download(await ticketFor({ folderPaths: ["/", "/Größe"] }));
    expect(await unpack(all.rawPayload)).toEqual({ "a.txt": "two", "Größe/x/a.txt": "one" });
    await fixture.upload("three", { fileName: "a.txt", folder: "/more/x" });
    const alike = await download(await ticketFor({ folderPaths: ["/Größe/x", "/more/x"] }));
    expect(await unpack(alike.rawPayload)).toEqual({ "x/a.txt": "one", "x (2)/a.txt": "three" });
  });

  test("a ticket works once, on every node, and of many that come at once one is answered", async () => {
    const { file_id } = await fixture.upload("one");
    const url = await ticketFor({ fileIds: [file_id] });
    const other = openNode();
    const head = await app.inject({ method: "HEAD", url: url.pathname + url.search });
    expect(head.statusCode).toBe(404);
    const answers = await Promise.all([app, other, app, other].map((node) => download(url, node)));
    expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([200, 404, 404, 404]);
    expect(reasonOf(await download(url))).toEqual([404, "ZIP_TICKET_INVALID"]);
    expect(await fixture.parts.database.reader.selectFrom("zip_tickets").select("hash").execute()).toEqual([]);
  });

  test("nothing but a ticket that is in force downloads", async () => {
    const { file_id } = await fixture.upload("one");
    const url = await ticketFor({ fileIds: [file_id] });
    const ticket = url.searchParams.get("ticket") ?? "";
    const asked = (query: string) => app.inject({ method: "GET", url: path + query });
    const guesses = ["", "?ticket=", `?ticket=${randomBytes(32).toString("base64url")}`, `?ticket=${ticket}x`];
    guesses.push(`?ticket=${hashSecret(ticket).toString("base64url")}`, `?ticket=${ticket}&ticket=${ticket}`);
    for (const query of guesses) expect(reasonOf(await asked(query)), query).toEqual([404, "ZIP_TICKET_INVALID"]);
    const stored = await fixture.parts.database.reader.selectFrom("zip_tickets").selectAll().executeTakeFirstOrThrow();
    expect(Buffer.from(stored.hash)).toEqual(hashSecret(ticket));
    expect(JSON.stringify(stored)).not.toContain(ticket);
    await change((other) =>
      other
        .updateTable("zip_tickets")
        .set({ ends_at: 1 } as never)
        .execute(),
    );
    expect(reasonOf(await download(url))).toEqual([404, "ZIP_TICKET_INVALID"]);
  });

  test("a ticket ends with its key pair, and with its account", async () => {
    const { file_id } = await fixture.upload("one");
    const { accountId, key } = fixture.principal;
    const revoked = await ticketFor({ fileIds: [file_id] });
    await change((other) => other.updateTable("key_pairs").set({ revoked_at: 1 }).where("id", "=", key.id).execute());
    expect(reasonOf(await download(revoked))).toEqual([404, "ZIP_TICKET_INVALID"]);
    await change((other) => other.updateTable("key_pairs").set({ revoked_at: null }).execute());
    await change((other) =>
      other.updateTable("accounts").set({ status: "disabled" }).where("id", "=", accountId).execute(),
    );
    expect(reasonOf(await download(revoked))).toEqual([404, "ZIP_TICKET_INVALID"]);
  });

  test("another account's files and folders are not there", async () => {
    const theirs = await fixture.upload("theirs", { folder: "/theirs" }, fixture.stranger);
    const file = await offer({ fileIds: [theirs.file_id, unknownId, "no id"] });
    expect([file.status, file.body.reason]).toEqual([404, "FILES_NOT_FOUND"]);
    expect(file.body.missingFileIds).toEqual([theirs.file_id, unknownId, "no id"]);
    const folder = await offer({ folderPaths: ["/theirs"] });
    expect([folder.status, folder.body.reason]).toEqual([404, "FOLDER_NOT_FOUND"]);
    const all = await offer({ folderPaths: ["/"] });
    expect([all.status, all.body.reason]).toEqual([400, "ZIP_EMPTY"]);
  });

  test("a selection that is none is refused, and the parameter named", async () => {
    const tooManyFolders = Array.from({ length: 101 }, (_, index) => `/${index}`);
    for (const [body, reason, named] of [
      [{}, "ZIP_EMPTY", ""],
      [{ fileIds: [], folderPaths: null }, "ZIP_EMPTY", ""],
      [{ fileIds: "all" }, "PARAMETER_INVALID", "fileIds"],
      [{ folderPaths: [1] }, "PARAMETER_INVALID", "folderPaths"],
      [{ folderPaths: [""] }, "PARAMETER_INVALID", "folderPaths"],
      [{ folderPaths: ["/a\0"] }, "PARAMETER_INVALID", "folderPaths"],
      [{ folderPaths: ["/a/../b"] }, "INVALID_FOLDER_PATH", ""],
      [{ folderPaths: tooManyFolders }, "PARAMETER_INVALID", "folderPaths"],
      [{ fileIds: [unknownId], all: true }, "PARAMETER_INVALID", "all"],
    ] as const) {
      const answer = await offer(body);
      expect([answer.status, answer.body.reason], JSON.stringify(body)).toEqual([400, reason]);
      expect(answer.body.message).toContain(named);
    }
  });

  test("files, bytes, downloads at once and downloads that have not begun are bounded", async () => {
    const ids = [];
    for (const name of ["a", "b", "c"]) {
      ids.push((await fixture.upload("12345", { fileName: name, folder: "/bounded" })).file_id);
    }
    const bounded = openNode({ zipFiles: 2, zipBytes: 9 });
    const refused = async (payload: object) => {
      const { status, body } = await offer(payload, { at: bounded });
      return [status, body.reason, body.message];
    };
    const tooMany = [400, "ZIP_TOO_MANY_FILES", "A ZIP can have a maximum of 2 files."];
    expect(await refused({ fileIds: ids })).toEqual(tooMany);
    expect(await refused({ folderPaths: ["/bounded"] })).toEqual(tooMany);
    const tooLarge = [400, "ZIP_TOO_LARGE", "The files of a ZIP can have a maximum of 9 bytes together."];
    expect(await refused({ fileIds: ids.slice(0, 2) })).toEqual(tooLarge);
    // What has grown since the ticket was made is bounded as well, and the ticket stays.
    const url = await ticketFor({ folderPaths: ["/bounded"] });
    expect(reasonOf(await download(url, bounded))).toEqual([400, "ZIP_TOO_MANY_FILES"]);
    expect((await download(url)).statusCode).toBe(200);
    for (let index = 0; index < maxZipTickets; index++) await ticketFor({ fileIds: ids });
    const full = await offer({ fileIds: ids });
    expect([full.status, full.body.reason]).toEqual([429, "TOO_MANY_ZIP_TICKETS"]);
    await change((other) =>
      other
        .updateTable("zip_tickets")
        .set({ ends_at: 1 } as never)
        .execute(),
    );
    await ticketFor({ fileIds: ids });
  });

  test("a file that has gone from the store cuts the download off, and the next one is not kept out", async () => {
    await fixture.upload("one", { fileName: "a.txt", folder: "/cut" });
    const { blob_id } = await fixture.upload("two", { fileName: "b.txt", folder: "/cut" });
    const url = await ticketFor({ folderPaths: ["/cut"] });
    const { storage_key } = await fixture.parts.database.reader
      .selectFrom("blobs")
      .select("storage_key")
      .where("id", "=", blob_id)
      .executeTakeFirstOrThrow();
    await fixture.parts.blobs.delete(storage_key);
    await app.listen({ port: 0, host: "127.0.0.1" });
    const { port } = app.server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}${url.pathname}${url.search}`);
    expect(answer.status).toBe(200);
    await expect(answer.arrayBuffer()).rejects.toThrow();
  });

  test("files that are deleted and removed at once under a download cut it off, or are in it whole", async () => {
    const names = ["a.txt", "b.txt", "c.txt"];
    const files: Awaited<ReturnType<typeof fixture.upload>>[] = [];
    for (const fileName of names)
      files.push(await fixture.upload(fileName.repeat(50_000), { fileName, folder: "/race" }));
    const { accountId } = fixture.principal;
    /** Deletes the last file, and removes its content, while the download is at its `number`th file. */
    const downloadRacing = async (number: number) => {
      let reads = 0;
      const blobs: DownloadDeps["blobs"] = {
        read: async (...asked) => {
          reads += 1;
          const early = reads === 3 ? await fixture.parts.blobs.read(...asked) : undefined;
          if (reads === number) {
            const { file_id: fileId } = files.pop() ?? { file_id: "" };
            await fixture.parts.database.run(removeFileTransaction, { accountId, fileId });
            expect(await releaseContents(fixture.services, { accountId }, never)).toMatchObject({ contents: 1 });
          }
          return early ?? fixture.parts.blobs.read(...asked);
        },
      };
      const node = openNode({}, blobs);
      const url = await ticketFor({ folderPaths: ["/race"] }, node);
      await node.listen({ port: 0, host: "127.0.0.1" });
      const { port } = node.server.address() as AddressInfo;
      const answer = await fetch(`http://127.0.0.1:${port}${url.pathname}${url.search}`);
      return Buffer.from(await answer.arrayBuffer());
    };
    // The content that is open is read to its end.
    expect(Object.keys(await unpack(await downloadRacing(3)))).toEqual(names.map((name) => `race/${name}`));
    await fixture
      .upload("c.txt".repeat(50_000), { fileName: "c.txt", folder: "/race" })
      .then((file) => files.push(file));
    await expect(downloadRacing(2)).rejects.toThrow();
    const left = await download(await ticketFor({ folderPaths: ["/race"] }));
    expect(Object.keys(await unpack(left.rawPayload))).toEqual(["race/a.txt", "race/b.txt"]);
  });

  test("a client that leaves ends the reading, and makes room for the next download", async () => {
    const { file_id } = await fixture.upload("x".repeat(100));
    const opened: Readable[] = [];
    const blobs = {
      read: async () => {
        const source = new Readable({ read: () => undefined });
        source.push("x");
        opened.push(source);
        return source;
      },
    };
    const slow = openNode({ zips: 1 }, blobs);
    const [first, second] = [await ticketFor({ fileIds: [file_id] }), await ticketFor({ fileIds: [file_id] })];
    await slow.listen({ port: 0, host: "127.0.0.1" });
    const { port } = slow.server.address() as AddressInfo;
    const request = get(`http://127.0.0.1:${port}${first.pathname}${first.search}`);
    await once(request, "response");
    expect(reasonOf(await download(second, slow))).toEqual([429, "TOO_MANY_ZIP_DOWNLOADS"]);
    const early = await offer({ fileIds: [file_id] }, { at: slow });
    expect([early.status, early.body.reason]).toEqual([429, "TOO_MANY_ZIP_DOWNLOADS"]);
    request.on("error", () => undefined).destroy();
    await expect.poll(() => opened.map(({ destroyed }) => destroyed)).toEqual([true]);
    // The ticket that was kept waiting is still good.
    const next = get(`http://127.0.0.1:${port}${second.pathname}${second.search}`);
    const [answer] = await once(next, "response");
    expect(answer.statusCode).toBe(200);
    next.on("error", () => undefined).destroy();
    await expect.poll(() => opened.map(({ destroyed }) => destroyed)).toEqual([true, true]);
  });
});
