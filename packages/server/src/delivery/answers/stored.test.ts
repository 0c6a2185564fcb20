import { once } from "node:events";
import { readdir, readlink } from "node:fs/promises";
import { request } from "node:http";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { StorageError } from "../../storage/storage-error.ts";
import { describeDelivery } from "../testing/delivery-suite.ts";

const text = Buffer.from("0123456789");

describeDelivery((suite) => {
  test("the stored bytes come with their type, length, tag and times", async () => {
    const { store, get, now } = suite();
    await store({ path: "/docs/note.txt", bytes: text, at: now - 5000 });
    for (const target of [
      "/demo/docs/note.txt",
      "/demo/docs/note.txt?tr=orig-true",
      "/demo/tr:orig-true/docs/note.txt",
    ]) {
      const { status, headers, body } = await get(target);
      expect(status).toBe(200);
      expect(body).toEqual(text);
      expect(headers).toMatchObject({
        "content-type": "text/plain; charset=utf-8",
        "content-length": "10",
        etag: expect.stringMatching(/^"[\w-]{43}"$/),
        "last-modified": "Thu, 15 Jan 2026 11:59:55 GMT",
        "accept-ranges": "bytes",
        "cache-control": "public, max-age=0, s-maxage=60, must-revalidate",
        "x-content-type-options": "nosniff",
        "access-control-allow-origin": "*",
        "timing-allow-origin": "*",
        "cross-origin-resource-policy": "cross-origin",
      });
      expect(headers).not.toHaveProperty("content-security-policy");
      expect(headers).not.toHaveProperty("content-disposition");
      expect(headers).not.toHaveProperty("vary");
    }
  });

  test("what a browser would run is sandboxed, also when it is not modified or only a part", async () => {
    const { store, get } = suite();
    for (const [name, mime] of [
      ["page.html", "text/html"],
      ["drawing.svg", "image/svg+xml"],
      ["feed.xml", "application/xml"],
      ["script.js", "text/javascript"],
    ] as const) {
      await store({ path: `/active/${name}`, bytes: text, mime });
      const whole = await get(`/demo/active/${name}`);
      const part = await get(`/demo/active/${name}`, { range: "bytes=0-3" });
      const unchanged = await get(`/demo/active/${name}`, { "if-none-match": whole.headers.etag ?? "" });
      expect([whole.status, part.status, unchanged.status]).toEqual([200, 206, 304]);
      for (const { headers } of [whole, part, unchanged]) {
        expect(headers["content-security-policy"]).toBe("sandbox; default-src 'none'");
        expect(headers["x-content-type-options"]).toBe("nosniff");
      }
    }
  });

  test("HEAD doesn't open the file", async () => {
    const { store, server, services, library } = suite();
    await store({ path: "/docs/head.txt", bytes: text });
    services.blobs = { size: async () => 10, read: () => Promise.reject(new Error("opened")) };
    try {
      const { status, headers } = await server.ask("/demo/docs/head.txt", {}, "HEAD");
      expect([status, headers["content-length"]]).toEqual([200, "10"]);
    } finally {
      services.blobs = library.blobs;
    }
  });

  test("versions with the same content share a tag, others don't", async () => {
    const { store, get } = suite();
    const tagOf = async (path: string) => (await get(`/demo${path}`)).headers.etag;
    await store({ path: "/same/a.bin", bytes: text });
    await store({ path: "/same/b.bin", bytes: text });
    const tag = await tagOf("/same/a.bin");
    expect(await tagOf("/same/b.bin")).toBe(tag);
    await store({ path: "/same/b.bin", bytes: Buffer.from("other") });
    expect(await tagOf("/same/b.bin")).not.toBe(tag);
  });

  describe("ranges", () => {
    test.each([
      ["bytes=2-4", "234", "bytes 2-4/10"],
      ["bytes=0-0", "0", "bytes 0-0/10"],
      ["bytes=8-", "89", "bytes 8-9/10"],
      ["bytes=8-50", "89", "bytes 8-9/10"],
      ["bytes=-2", "89", "bytes 8-9/10"],
      ["bytes=-500", "0123456789", "bytes 0-9/10"],
    ])("%s", async (range, part, contentRange) => {
      const { store, get } = suite();
      const path = `/ranges/${encodeURIComponent(range).replaceAll("%", "")}.txt`;
      await store({ path, bytes: text });
      const { status, headers, body } = await get(`/demo${path}`, { range });
      expect(status).toBe(206);
      expect(body.toString()).toBe(part);
      expect(headers).toMatchObject({ "content-range": contentRange, "content-length": String(part.length) });
    });

    test("beyond the end there is nothing, and nobody may store that answer", async () => {
      const { store, get } = suite();
      await store({ path: "/ranges/beyond.txt", bytes: text });
      const { status, headers } = await get("/demo/ranges/beyond.txt", { range: "bytes=10-" });
      expect(status).toBe(416);
      expect(headers).toMatchObject({ "content-range": "bytes */10", "cache-control": "no-store" });
      expect(headers).not.toHaveProperty("etag");
    });

    test("several ranges, a strange unit and a tag of other bytes bring the whole", async () => {
      const { store, get } = suite();
      await store({ path: "/ranges/whole.txt", bytes: text });
      for (const headers of [
        { range: "bytes=0-1,4-5" },
        { range: "lines=0-1" },
        { range: "bytes=0-1", "if-range": '"other"' },
      ] as Record<string, string>[]) {
        const { status, body } = await get("/demo/ranges/whole.txt", headers);
        expect(status).toBe(200);
        expect(body).toEqual(text);
      }
    });

    test("a download goes on where it broke off while the bytes are the same", async () => {
      const { store, get } = suite();
      await store({ path: "/ranges/resume.txt", bytes: text });
      const etag = (await get("/demo/ranges/resume.txt")).headers.etag ?? "";
      const rest = await get("/demo/ranges/resume.txt", { range: "bytes=5-", "if-range": etag });
      expect([rest.status, rest.body.toString()]).toEqual([206, "56789"]);
      await store({ path: "/ranges/resume.txt", bytes: Buffer.from("something else") });
      const changed = await get("/demo/ranges/resume.txt", { range: "bytes=5-", "if-range": etag });
      expect([changed.status, changed.body.toString()]).toEqual([200, "something else"]);
    });
  });

  describe("conditions", () => {
    test("are settled without the store", async () => {
      const { store, get, services, library } = suite();
      await store({ path: "/conditions/a.txt", bytes: text, at: Date.UTC(2026, 0, 1) });
      const { etag = "" } = (await get("/demo/conditions/a.txt")).headers;
      services.blobs = {
        size: () => Promise.reject(new Error("asked for")),
        read: () => Promise.reject(new Error("asked for")),
      };
      try {
        for (const headers of [
          { "if-none-match": etag },
          { "if-none-match": `"x", W/${etag}` },
          { "if-none-match": "*" },
          { "if-modified-since": "Thu, 01 Jan 2026 00:00:00 GMT" },
          { "if-none-match": etag, range: "bytes=0-1" },
        ] as Record<string, string>[]) {
          const unchanged = await get("/demo/conditions/a.txt", headers);
          expect(unchanged.status).toBe(304);
          expect(unchanged.headers).toMatchObject({
            etag,
            "last-modified": "Thu, 01 Jan 2026 00:00:00 GMT",
            "cache-control": "public, max-age=0, s-maxage=60, must-revalidate",
          });
          expect(unchanged.headers).not.toHaveProperty("content-length");
        }
      } finally {
        services.blobs = library.blobs;
      }
    });

    test("that don't hold bring the file", async () => {
      const { store, get } = suite();
      await store({ path: "/conditions/b.txt", bytes: text, at: Date.UTC(2026, 0, 2) });
      for (const headers of [
        { "if-none-match": '"x"' },
        { "if-modified-since": "Thu, 01 Jan 2026 00:00:00 GMT" },
        { "if-none-match": '"x"', "if-modified-since": "Sat, 03 Jan 2026 00:00:00 GMT" },
        { "if-modified-since": "yesterday" },
      ] as Record<string, string>[]) {
        expect((await get("/demo/conditions/b.txt", headers)).status).toBe(200);
      }
    });

    test("by time see that an older version has become the current one again", async () => {
      const { store, get, library, now } = suite();
      const path = "/conditions/restored.txt";
      const { fileId, versionId } = await store({ path, bytes: text, at: now - 30_000 });
      await store({ path, bytes: Buffer.from("newer"), at: now - 20_000 });
      const since = (await get(`/demo${path}`)).headers["last-modified"] ?? "";
      await library.writer
        .updateTable("files")
        .set({ current_version_id: versionId, updated_at: now - 10_000 })
        .where("id", "=", fileId)
        .execute();
      const restored = await get(`/demo${path}`, { "if-modified-since": since });
      expect([restored.status, restored.body.toString()]).toEqual([200, "0123456789"]);
    });
  });

  test("an attachment has a name that can do no harm", async () => {
    const { store, get } = suite();
    await store({ path: "/downloads/हिन्दी.txt", bytes: text });
    const target = `/demo/downloads/${encodeURIComponent("हिन्दी.txt")}`;
    const named = await get(`${target}?ik-attachment=true`);
    expect(named.headers["content-disposition"]).toBe(
      `attachment; filename="??????.txt"; filename*=UTF-8''${encodeURIComponent("हिन्दी.txt")}`,
    );
    const renamed = await get(`${target}?ik-attachment=true&ik-attachment-filename=a%0d%0aX-Evil:%201`);
    expect(renamed.headers["content-disposition"]).toBe('attachment; filename="a__X-Evil_ 1.txt"');
    expect(renamed.headers).not.toHaveProperty("x-evil");
  });

  describe("a store that fails", () => {
    const healthy = { size: async () => 10, read: async () => Readable.from([text]) };

    async function askWith(blobs: Partial<typeof healthy>) {
      const { store, get, services, library, server } = suite();
      await store({ path: "/failing/a.txt", bytes: text });
      const logged = server.errors.length;
      services.blobs = { ...healthy, ...blobs };
      try {
        const reply = await get("/demo/failing/a.txt?updatedAt=0");
        expect(server.errors.length).toBeGreaterThan(logged);
        return reply;
      } finally {
        services.blobs = library.blobs;
      }
    }

    test("has lost the file", async () => {
      const { status, headers, body } = await askWith({ size: async () => undefined as unknown as number });
      expect([status, body.toString()]).toEqual([500, "Internal Server Error"]);
      expect(headers).toMatchObject({ "ik-error": "UNIDENTIFIED - Internal error", "cache-control": "no-store" });
    });

    test("has cut the file", async () => {
      expect((await askWith({ size: async () => 9 })).status).toBe(500);
    });

    test("is out of reach", async () => {
      const { status, headers } = await askWith({
        size: () => Promise.reject(new StorageError("STORAGE_FAILED", "/secret/path: EIO")),
      });
      expect(status).toBe(503);
      expect(headers).toMatchObject({ "retry-after": "5", "cache-control": "no-store" });
      expect(JSON.stringify(headers)).not.toContain("secret");
    });

    test("fails before the first byte: an error, with nothing of the file's headers", async () => {
      const { store, server, services, library } = suite();
      await store({ path: "/failing/b.txt", bytes: text });
      const broken = () =>
        new Readable({
          read() {
            this.destroy(new Error("EIO"));
          },
        });
      services.blobs = { ...healthy, read: async () => broken() };
      try {
        const { status, headers, body } = await server.ask("/demo/failing/b.txt?updatedAt=0", { range: "bytes=1-2" });
        expect([status, body.toString()]).toEqual([500, "Internal Server Error"]);
        expect(headers["cache-control"]).toBe("no-store");
        expect(headers["content-type"]).toBe("text/plain; charset=utf-8");
        for (const name of ["etag", "content-range", "last-modified"]) expect(headers).not.toHaveProperty(name);
      } finally {
        services.blobs = library.blobs;
      }
    });

    test("fails halfway: the connection is cut, so that nobody takes the part for the whole", async () => {
      const { store, server, services, library } = suite();
      await store({ path: "/failing/c.txt", bytes: text });
      services.blobs = {
        ...healthy,
        read: async () =>
          Readable.from(
            (async function* () {
              yield text.subarray(0, 4);
              await sleep(20);
              throw new Error("EIO");
            })(),
          ),
      };
      try {
        await expect(server.ask("/demo/failing/c.txt")).rejects.toThrow("aborted");
        await expect
          .poll(() => server.errors.some((line) => line.includes("a delivery ended before its last byte")))
          .toBe(true);
      } finally {
        services.blobs = library.blobs;
      }
    });
  });

  describe("a client that goes away", () => {
    /** Counts the open file descriptors of this process for a blob. */
    async function openBlobs(storageKey: string): Promise<number> {
      const links = await Promise.all(
        (await readdir("/proc/self/fd")).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => "")),
      );
      return links.filter((path) => path.includes(storageKey)).length;
    }

    test("in the middle of a file lets go of it", async () => {
      const { store, server, services, library } = suite();
      const { storageKey } = await store({ path: "/leaving/large.bin", bytes: Buffer.alloc(32 * 1024 * 1024) });
      let stream: Readable | undefined;
      services.blobs = {
        size: (key, signal) => library.blobs.size(key, signal),
        read: async (key, range, signal) => {
          stream = await library.blobs.read(key, range, signal);
          return stream;
        },
      };
      try {
        const sent = request({ port: server.port, host: "127.0.0.1", path: "/demo/leaving/large.bin", agent: false });
        sent.on("error", () => undefined).end();
        const [response] = await once(sent, "response");
        await once(response, "readable");
        // The client stops reading here, so only as much waits as the sockets' buffers hold, not the whole file.
        await sleep(100);
        expect(stream?.readableEnded).toBe(false);
        expect(stream?.destroyed).toBe(false);
        sent.destroy();
        await expect.poll(() => stream?.destroyed).toBe(true);
        await expect.poll(() => openBlobs(storageKey)).toBe(0);
      } finally {
        services.blobs = library.blobs;
      }
    });

    test("before the file is opened ends the work on it", async () => {
      const { store, server, services, library } = suite();
      const { storageKey } = await store({ path: "/leaving/early.bin", bytes: Buffer.alloc(1024 * 1024) });
      const opened = Promise.withResolvers<AbortSignal>();
      const gone = Promise.withResolvers<void>();
      services.blobs = {
        size: (key, signal) => library.blobs.size(key, signal),
        read: async (key, range, signal) => {
          if (signal !== undefined) {
            signal.addEventListener("abort", () => gone.resolve());
            opened.resolve(signal);
          }
          await gone.promise;
          return library.blobs.read(key, range);
        },
      };
      const logged = server.errors.length;
      try {
        const sent = request({ port: server.port, host: "127.0.0.1", path: "/demo/leaving/early.bin", agent: false });
        sent.on("error", () => undefined).end();
        const signal = await opened.promise;
        sent.destroy();
        await gone.promise;
        expect(signal.aborted).toBe(true);
        await expect.poll(() => openBlobs(storageKey)).toBe(0);
        expect(server.errors.length).toBe(logged);
      } finally {
        services.blobs = library.blobs;
      }
    });
  });
});
