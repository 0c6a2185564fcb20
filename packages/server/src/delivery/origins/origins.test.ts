import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { connect, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { viewerOfServer } from "../../access/viewer.ts";
import { defaultLimits } from "../../config/limits.ts";
import { insertOrigin } from "../../database/repositories/origins.ts";
import { deleteOwned } from "../../database/repositories/owned-rows.ts";
import { insertUrlEndpoint } from "../../database/repositories/url-endpoints.ts";
import type { OriginType } from "../../endpoints/origins/origin-types.ts";
import { SealedSecrets } from "../../endpoints/origins/sealed-secrets.ts";
import type { UrlEndpoint } from "../../endpoints/url-endpoints/url-endpoints.ts";
import { signPath } from "../../library/files/asset-url.ts";
import { colors, hasFfmpeg, makeClip, makeSoundWithCover } from "../../media/testing/clips.ts";
import { readHeader } from "../../media/testing/read-header.ts";
import { type RemoteServer, startRemoteServer } from "../../network/testing/remote-server.ts";
import { privateHost, publicHost, rulesOf } from "../../network/testing/rules.ts";
import { findAsked } from "../find/find-file.ts";
import { RenditionCache } from "../renditions/kept/rendition-cache.ts";
import type { RenditionCacheOptions, RenditionSource } from "../renditions/kept/rendition-cache-options.ts";
import { RenditionFolder } from "../renditions/kept/rendition-folder.ts";
import { describeDelivery } from "../testing/delivery-suite.ts";
import { withSwitches } from "../testing/switch-account.ts";
import { parseEndpointUrl } from "../url/endpoint-url.ts";
import { type Original, Originals } from "./originals.ts";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

const key = "private_test";
const secret = "sehr-geheim";
const names = {
  "public.test": [[publicHost]],
  "private.test": [[privateHost]],
  "rebound.test": [[publicHost], [privateHost]],
  "mixed.test": [[publicHost, privateHost]],
  "bucket.public.test": [[publicHost]],
};

// docs/origins.md
describeDelivery((suite) => {
  const servers: RemoteServer[] = [];
  const requests: IncomingMessage[] = [];
  const added: { origins: string[]; endpoints: string[] } = { origins: [], endpoints: [] };
  let time = 0;
  let count = 0;
  let warnings: unknown[];
  let derived: RenditionCache;

  /** Reads with other limits, and forgets what was read before. */
  function readWith(
    limits: Partial<typeof defaultLimits> = {},
    waitMs = 5000,
    cache: Partial<RenditionCacheOptions> = {},
  ): void {
    const { services } = suite();
    derived = new RenditionCache({
      folder: new RenditionFolder("/nowhere"),
      ...{ memoryBytes: 2 ** 26, diskBytes: 0, count() {}, troubled() {} },
      ...cache,
    });
    services.originals = new Originals({
      limits: { ...defaultLimits, ...limits },
      readHeader,
      rules: rulesOf(names),
      derived,
      now: () => time,
      waitMs,
      logger: { warn: (...line: unknown[]) => warnings.push(line) } as never,
    });
  }

  beforeEach(() => {
    time = suite().now;
    warnings = [];
    requests.length = 0;
    readWith();
  });

  afterEach(async () => {
    const { library, accountId } = suite();
    for (const id of added.endpoints.splice(0)) await deleteOwned(library.writer, "url_endpoints", { accountId, id });
    for (const id of added.origins.splice(0)) await deleteOwned(library.writer, "origins", { accountId, id });
    // However a reading ended, none of its connections stays open.
    for (const server of servers.splice(0)) {
      await server.idle();
      await server.close();
    }
    expect(JSON.stringify(warnings)).not.toContain(secret);
  });

  async function serve(listener: RequestListener, host?: string): Promise<RemoteServer> {
    const server = await startRemoteServer((request, response) => {
      requests.push(request);
      listener(request, response);
    }, host);
    servers.push(server);
    return server;
  }

  const files = (contents: Readonly<Record<string, string | Buffer>>, headers: Record<string, string> = {}) =>
    serve(({ url = "" }, response) => {
      const content = contents[url.split("?")[0] ?? ""];
      response.writeHead(content === undefined ? 404 : 200, headers).end(content);
    });

  async function addOrigin(type: OriginType, settings: object, secrets?: Record<string, string>, id = `o${++count}`) {
    const { library, accountId } = suite();
    const sealed = new SealedSecrets([Buffer.alloc(32, 1).toString("base64")]);
    added.origins.push(id);
    await insertOrigin(library.writer, {
      ...{ id, account_id: accountId, name: "o", type, settings: JSON.stringify(settings) },
      secrets: secrets === undefined ? null : sealed.seal(secrets, { accountId, originId: id }),
      ...{ created_at: 0, updated_at: 0 },
    });
    return id;
  }

  /** @returns the beginning of the endpoint's URLs */
  async function addEndpoint(...origins: string[]): Promise<string> {
    const { library, accountId } = suite();
    const id = `e${++count}`;
    added.endpoints.push(id);
    await insertUrlEndpoint(library.writer, {
      ...{ account_id: accountId, id, description: id, url_prefix: id, origin_ids: JSON.stringify(origins) },
      created_at: 0,
    });
    return `/demo/${id}`;
  }

  const webFolder = async (baseUrl: string, more: object = {}) =>
    addEndpoint(await addOrigin("WEB_FOLDER", { includeCanonicalHeader: false, baseUrl, ...more }));
  const webProxy = async (allowedHosts: readonly string[] = []) =>
    addEndpoint(await addOrigin("WEB_PROXY", { includeCanonicalHeader: false, allowedHosts }));
  const picture = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: "red" } })
      .png()
      .toBuffer();
  const get = (target: string, headers?: Record<string, string>) => suite().get(target, headers);
  const outcome = async (target: string) => {
    const { status, headers } = await get(target);
    return [status, String(headers["ik-error"]).split(" - ")[0]];
  };
  const signed = (target: string) => {
    const [, account = "", endpoint = "", ...rest] = target.split("/");
    return `/${account}/${endpoint}/${signPath(key, rest.join("/"))}`;
  };

  describe("a web folder", () => {
    test("has what the library lacks, and the library comes first", async () => {
      const { authority } = await files({ "/base/a.txt": "origin's a", "/base/ours.txt": "origin's" });
      await suite().store({ path: "/ours.txt", bytes: Buffer.from("ours") });
      await suite().store({ path: "/draft.txt", bytes: Buffer.from("draft"), isDraft: true });
      const at = await webFolder(`http://${authority}/base/`);
      expect((await get(`${at}/a.txt`)).body.toString()).toBe("origin's a");
      expect((await get(`${at}/ours.txt`)).body.toString()).toBe("ours");
      expect(await outcome(`${at}/draft.txt`)).toEqual([404, "ENOENT"]);
      expect(await outcome("/demo/a.txt")).toEqual([404, "ENOENT"]);
      expect(requests.map(({ url }) => url)).toEqual(["/base/a.txt"]);
    });

    test("is asked for the path alone, and for nothing of the client's request", async () => {
      const { authority } = await files({ "/%C3%A4%20%3F%23%25%2B/b%40.txt": "found" });
      const at = await webFolder(`http://${authority}`);
      const headers = { cookie: "a=b", authorization: "Basic x", "x-forwarded-for": "1.2.3.4", referer: "http://a.b/" };
      const { body } = await get(`${at}/%C3%A4%20%3F%23%25+/b@.txt?v=1&secret=2`, headers);
      expect(body.toString()).toBe("found");
      const [request] = requests;
      expect(request?.headers).toEqual({
        ...{ host: authority, connection: "keep-alive", accept: "*/*", "accept-encoding": "identity" },
        ...{ "user-agent": "sluice", "cdn-loop": "sluice" },
      });
    });

    test("can be told this server's own host, and the client's never", async () => {
      const { authority } = await files({ "/a.txt": "a" });
      const at = await webFolder(`http://${authority}`, { forwardHostHeaderToOrigin: true });
      await get(`${at}/a.txt`, { host: "evil.test" });
      expect(requests[0]?.headers.host).toBe("media.example.com");
    });

    test.skipIf(!hasFfmpeg && process.env.CI !== "true")(
      "has stills of videos and sounds, and no encodes",
      async () => {
        const film = await makeClip({ picture: colors, sound: false });
        const { authority } = await files({ "/film.mp4": film, "/song.mp3": await makeSoundWithCover("mp3") });
        const at = await webFolder(`http://${authority}`);
        for (const [target, size, color] of [
          ["film.mp4/ik-thumbnail.jpg?tr=so-1.5,w-160", 160, "lime"],
          ["film.mp4?tr=n-ik_ml_thumbnail", 320, "red"],
          ["song.mp3/ik-thumbnail.jpg", 60, "orange"],
        ] as const) {
          const { status, headers, body } = await get(`${at}/${target}`);
          expect([target, status, headers["ik-error"]]).toEqual([target, 200, undefined]);
          expect((await sharp(body).metadata()).width).toBe(size);
          const { dominant } = await sharp(body).stats();
          const [r = 0, g = 0] = Object.values(dominant);
          expect(r > 200 ? (g > 100 ? "orange" : "red") : "lime", target).toBe(color);
        }
        expect((await get(`${at}/film.mp4`)).body.equals(film)).toBe(true);
        for (const target of ["film.mp4?tr=w-40", "film.mp4/ik-sprite.jpg", "film.mp4/ik-sprite.vtt"]) {
          const { status, headers } = await get(`${at}/${target}`);
          expect([target, status]).toEqual([target, 400]);
          expect(headers["ik-error"], target).toMatch(/^EINVALID - Videos of origins have stills/);
        }
        expect(requests).toHaveLength(2);
      },
    );

    test("delivers by the rules of files: transformed, in ranges, unchanged, under the type of its bytes", async () => {
      const { authority } = await files(
        {
          "/a.png": await picture(60, 40),
          "/page.html": "<!doctype html><script>alert(1)</script>",
          "/lie.png": "<!doctype html><script>alert(1)</script>",
          "/d.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>',
          "/a.bin": "\0\x01\x02",
        },
        { "content-type": "text/html", "set-cookie": "a=b", "x-frame-options": "x", "cache-control": "public" },
      );
      const at = await webFolder(`http://${authority}`);
      const small = await get(`${at}/a.png?tr=w-30`);
      expect(await sharp(small.body).metadata()).toMatchObject({ width: 30, height: 20 });
      expect(small.headers).not.toHaveProperty("set-cookie");
      expect(small.headers["cache-control"]).toBe("public, max-age=0, s-maxage=60, must-revalidate");
      const original = await get(`${at}/a.png?tr=orig-true`);
      expect(original.headers["content-type"]).toBe("image/png");
      expect((await get(`${at}/a.png?tr=orig-true`, { range: "bytes=1-3" })).body.toString()).toBe("PNG");
      const { etag = "" } = original.headers;
      expect((await get(`${at}/a.png?tr=orig-true`, { "if-none-match": etag })).status).toBe(304);
      for (const [name, type] of [
        ["page.html", "text/html; charset=utf-8"],
        ["d.svg", "image/svg+xml"],
      ]) {
        const { headers, body } = await get(`${at}/${name}`);
        expect(headers["content-type"], name).toBe(type);
        expect(headers, name).toMatchObject({
          "content-security-policy": "sandbox; default-src 'none'",
          "x-content-type-options": "nosniff",
        });
        if (name === "d.svg") expect(body.toString()).not.toContain("script");
      }
      expect((await get(`${at}/lie.png`)).headers["content-type"]).toMatch(/^text\/plain/);
      expect((await get(`${at}/a.bin`)).headers["content-type"]).toBe("application/octet-stream");
      expect(requests.length).toBe(5);
    });

    test("may have files of the library drawn on its own, and no files of its own on others", async () => {
      const outside = await sharp({ create: { width: 20, height: 20, channels: 3, background: "red" } })
        .png()
        .toBuffer();
      const seal = await sharp({ create: { width: 10, height: 10, channels: 3, background: "lime" } })
        .png()
        .toBuffer();
      await suite().store({ path: "/seal.png", bytes: seal, mime: "image/png" });
      const { authority } = await files({ "/outside.png": outside });
      const endpoint = await webFolder(`http://${authority}`);
      const layer = (path: string) => `l-image,i-${path},lx-0,ly-0,l-end,f-png,lo-true`;
      const { status, body } = await suite().server.ask(`${endpoint}/outside.png?tr=${layer("seal.png")}`);
      expect(status).toBe(200);
      const { data } = await sharp(body).raw().toBuffer({ resolveWithObject: true });
      expect([...data.subarray(0, 3), ...data.subarray(-3)]).toEqual([0, 255, 0, 255, 0, 0]);
      expect((await suite().server.ask(`${endpoint}/seal.png?tr=${layer("outside.png")}`)).status).toBe(400);
    });

    test("makes a file private, and says where search engines find it, if it is told so", async () => {
      const { authority } = await files({ "/a.txt": "a" }, { "is-private-file": "True" });
      const at = await webFolder(`http://${authority}`, {
        ...{ includeCanonicalHeader: true, baseUrlForCanonicalHeader: "https://www.example.com/x/" },
      });
      expect(await outcome(`${at}/a.txt`)).toEqual([401, "EAUTH"]);
      const { status, headers } = await get(signed(`${at}/a.txt`));
      expect([status, headers.link]).toEqual([200, '<https://www.example.com/x/a.txt>; rel="canonical"']);
      expect(headers["cache-control"]).toBe("private, max-age=0");
    });

    test("makes a file private with a header that is sent several times, if one of them says so", async () => {
      const { authority } = await serve(({ url }, response) => {
        const stated = { "/twice.txt": ["false", "true"], "/joined.txt": "false, True", "/no.txt": ["false", "0"] }[
          url ?? ""
        ];
        response.writeHead(200, { "is-private-file": stated }).end("a");
      });
      const at = await webFolder(`http://${authority}`);
      const statuses = [];
      for (const name of ["twice", "joined", "no"]) statuses.push((await get(`${at}/${name}.txt`)).status);
      expect(statuses).toEqual([401, 401, 200]);
    });

    test("isn't asked by unsigned URLs where all of them are refused", async () => {
      const { authority } = await files({ "/a.png": await picture(9, 9), "/b.txt": "b" });
      const at = await webFolder(`http://${authority}`);
      await withSwitches(suite(), { restrictUnsignedImages: "all", restrictUnsignedVideos: "all" }, async () => {
        expect(await outcome(`${at}/a.png`)).toEqual([401, "EAUTH"]);
        expect(requests).toEqual([]);
        expect((await get(signed(`${at}/a.png`))).status).toBe(200);
      });
      await withSwitches(suite(), { restrictUnsignedImages: "all" }, async () => {
        expect(await outcome(`${at}/a.png`)).toEqual([401, "EAUTH"]);
        expect((await get(`${at}/b.txt`)).status).toBe(200);
        expect(await outcome(`${at}/c.png`)).toEqual([401, "EAUTH"]);
      });
    });

    test("has its files held in memory while they are sent, also for a range, within the bound of images", async () => {
      const size = 12_000_000;
      const { authority } = await files({ "/a.bin": Buffer.alloc(size) });
      const at = await webFolder(`http://${authority}`);
      const { services, server } = suite();
      const { images } = services;
      const held: number[] = [];
      const cuts: (() => void)[] = [];
      const hold: typeof images.hold = ({ length }, cut) => {
        held.push(length);
        cuts.push(cut);
        return () => void held.pop();
      };
      const { render, detect, sanitise } = images;
      services.images = { render, detect, sanitise, hold };
      const slow = connect(server.port, "127.0.0.1").on("error", () => undefined);
      const closed = new Promise((resolve) => slow.once("close", resolve));
      try {
        slow.write(`GET ${at}/a.bin HTTP/1.1\r\nhost: a\r\nrange: bytes=1-\r\n\r\n`);
        await once(slow, "readable");
        expect(held).toEqual([size]);
        cuts[0]?.();
        slow.resume();
        await closed;
        expect(slow.bytesRead).toBeLessThan(size);
        expect(held).toEqual([]);
        expect((await get(`${at}/a.bin`)).body.length).toBe(size);
      } finally {
        slow.destroy();
        services.images = images;
      }
    });

    test("isn't asked for a version, and a default image stands in for what it lacks", async () => {
      const { authority } = await files({ "/a.png": await picture(9, 9) });
      await suite().store({ path: "/none.png", bytes: await picture(20, 10), mime: "image/png" });
      const at = await webFolder(`http://${authority}`);
      expect(await outcome(`${at}/a.png?ik-obj-version=v1`)).toEqual([404, "ENOENT"]);
      expect(requests).toEqual([]);
      const { headers } = await get(`${at}/b.png?tr=di-none.png`);
      expect(headers["cache-control"]).toBe("public, max-age=60");
    });
  });

  describe("what was read", () => {
    test("is delivered for some time without asking again, then asked about, and replaced once it has changed", async () => {
      let content = "first";
      let unchanged = 0;
      const { authority } = await serve(({ headers }, response) => {
        const etag = `"${content}"`;
        if (headers["if-none-match"] === etag) {
          unchanged += 1;
          response.writeHead(304).end();
        } else response.writeHead(200, { etag }).end(content);
      });
      const at = await webFolder(`http://${authority}`);
      const body = async () => (await get(`${at}/a.txt`)).body.toString();
      expect([await body(), await body(), requests.length]).toEqual(["first", "first", 1]);
      time += 299_000;
      expect([await body(), requests.length]).toEqual(["first", 1]);
      time += 2_000;
      expect([await body(), requests.length, unchanged]).toEqual(["first", 2, 1]);
      time += 301_000;
      content = "second";
      expect([await body(), requests.length, unchanged]).toEqual(["second", 3, 1]);
    });

    test("becomes private when the origin says so, although the bytes and their ETag stay the same", async () => {
      let isPrivate: string | undefined;
      const { authority } = await serve(({ url = "", headers }, response) => {
        const name = url.startsWith("/bucket/") ? "x-amz-meta-isprivatefile" : "is-private-file";
        const unchanged = headers["if-none-match"] === '"same"';
        response.writeHead(unchanged ? 304 : 200, { etag: '"same"', ...(isPrivate && { [name]: isPrivate }) });
        response.end(unchanged ? undefined : "a");
      });
      const bucket = { bucket: "bucket", prefix: "", endpoint: `http://${authority}`, s3ForcePathStyle: true };
      const keys = { accessKey: "A", secretKey: secret };
      for (const [at, again] of [
        [await webFolder(`http://${authority}`), '"same"'],
        [await addEndpoint(await addOrigin("S3_COMPATIBLE", bucket, keys)), undefined],
      ] as const) {
        const statuses: number[] = [];
        for (const stated of [undefined, "true", undefined, "false"]) {
          isPrivate = stated;
          statuses.push((await get(`${at}/a.txt`)).status);
          expect(requests.at(-1)?.headers["if-none-match"]).toBe(statuses.length === 1 ? undefined : again);
          time += 301_000;
        }
        // An answer without a body may leave the header out. What was said before then counts.
        expect(statuses).toEqual([200, 401, again === undefined ? 200 : 401, 200]);
      }
    });

    test("is missing for a minute, and failing for five seconds", async () => {
      let status = 404;
      const { authority } = await serve((_request, response) => response.writeHead(status).end("a"));
      const at = await webFolder(`http://${authority}`);
      for (const [answer, code, rememberedMs] of [
        [404, "ENOENT", 60_000],
        [410, "ENOENT", 60_000],
        [403, "EACCES", 5_000],
        [401, "EACCES", 5_000],
        [500, "UNIDENTIFIED", 5_000],
        [429, "UNIDENTIFIED", 5_000],
      ] as const) {
        status = answer;
        requests.length = 0;
        const target = `${at}/${answer}.txt`;
        expect(await outcome(target)).toEqual([404, code]);
        status = 200;
        time += rememberedMs - 1;
        expect([await outcome(target), requests.length]).toEqual([[404, code], 1]);
        time += 1;
        expect((await get(target)).status).toBe(200);
      }
    });

    test("is opened only for who needs its bytes", async () => {
      const { authority } = await files({ "/a.png": await picture(60, 40) });
      const at = await webFolder(`http://${authority}`);
      const { server } = suite();
      const target = `${at}/a.png?tr=w-30`;
      const { etag = "" } = (await server.ask(target)).headers;
      const opened = vi.spyOn(derived, "get");
      const statuses = [
        await server.ask(target),
        await server.ask(target, { "if-none-match": etag }),
        await server.ask(`${at}/a.png?tr=orig-true`, {}, "HEAD"),
      ].map(({ status }) => status);
      expect([statuses, opened.mock.calls.length]).toEqual([[200, 304, 200], 0]);
      expect((await server.ask(`${at}/a.png?tr=orig-true`)).status).toBe(200);
      expect([opened.mock.calls.length, requests.length]).toEqual([1, 1]);
    });

    test("is asked for again where its bytes are no longer kept", async () => {
      let content: string | undefined = "first";
      const { authority } = await serve((_request, response) =>
        response.writeHead(content === undefined ? 403 : 200).end(content),
      );
      const at = await webFolder(`http://${authority}`);
      const ask = async () => {
        const { status, headers, body } = await suite().server.ask(`${at}/a.txt`);
        const sha256 = createHash("sha256").update(body).digest("base64url");
        // An answer with the facts of other bytes than its own would stay wrong in every cache.
        if (status === 200) {
          expect(headers).toMatchObject({ etag: `"${sha256}"`, "content-length": String(body.length) });
        }
        return [status, body.toString()];
      };
      const forget = () => derived.drop(() => true, new AbortController().signal);
      expect(await ask()).toEqual([200, "first"]);
      await forget();
      expect([await ask(), requests.length]).toEqual([[200, "first"], 2]);
      await forget();
      content = "second";
      // The length and the ETag of the first bytes are known still, and must not be sent with the second ones.
      expect([await ask(), requests.length]).toEqual([[200, "second"], 3]);
      await forget();
      content = undefined;
      expect(await ask()).toEqual([404, "Not Found"]);
    });

    test("is kept, and so is what is made from it, if they are too large for memory", async () => {
      const large = Buffer.alloc(9 * 2 ** 20, 7);
      const { authority } = await files({ "/a.bin": large, "/a.png": await picture(60, 40) });
      const at = await webFolder(`http://${authority}`);
      const { services, server } = suite();
      const { images, derived: before } = services;
      const folder = await mkdtemp(join(tmpdir(), "sluice-origins-"));
      const sources: RenditionSource[] = [];
      const onDisk = { folder: new RenditionFolder(folder), diskBytes: 2 ** 30 };
      readWith({}, 5000, { ...onDisk, count: (source) => sources.push(source) });
      services.derived = derived;
      const render = vi.fn(async () => ({ data: large, contentType: "image/png", width: 30, height: 20 }) as const);
      services.images = { ...images, render };
      try {
        for (const name of ["a.bin", "a.png?tr=w-30"]) {
          sources.length = 0;
          await vi.waitUntil(async () => {
            const { body } = await server.ask(`${at}/${name}`);
            expect(body.equals(large)).toBe(true);
            return sources.includes("disk");
          });
        }
        expect([render.mock.calls.length, requests.length]).toEqual([1, 2]);
      } finally {
        services.images = images;
        services.derived = before;
        await derived.close();
        await rm(folder, { recursive: true });
      }
    });

    test("has no bytes in memory for requests that wait, besides those that the cache keeps", async () => {
      const { authority } = await files({ "/a.png": await picture(60, 40) });
      const at = await webFolder(`http://${authority}`);
      const { server, services } = suite();
      const read = vi.spyOn(services.originals, "read");
      expect((await server.ask(`${at}/a.png?tr=w-30`)).status).toBe(200);
      const found: unknown = await read.mock.results[0]?.value;
      const forever = new AbortController().signal;
      const isKept = async () => (await (found as { file: Original }).file.kept(forever)) !== undefined;
      expect(await isKept()).toBe(true);
      await derived.drop(() => true, forever);
      await vi.waitUntil(async () => {
        collectGarbage();
        return !(await isKept());
      });
    });

    test("is asked for again without a turn of the image engine, which slow origins would hold up", async () => {
      let release = (): void => {};
      let held: Promise<void> | undefined;
      const bytes = await picture(60, 40);
      const { authority } = await serve(async (_request, response) => {
        await held;
        response.end(bytes);
      });
      await suite().store({ path: "/turns/ours.png", bytes, mime: "image/png" });
      const at = await webFolder(`http://${authority}`);
      const { server } = suite();
      expect((await server.ask(`${at}/a.png?tr=w-30`)).status).toBe(200);
      await derived.drop(() => true, new AbortController().signal);
      held = new Promise((resolve) => {
        release = resolve;
      });
      const slow = server.ask(`${at}/a.png?tr=w-31`);
      while (requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
      expect((await server.ask("/demo/turns/ours.png?tr=w-32")).status).toBe(200);
      release();
      const { status, body } = await slow;
      expect([status, (await sharp(body).metadata()).width]).toEqual([200, 31]);
    });

    test("is read once for all who ask at once", async () => {
      const { authority } = await serve((_request, response) => setTimeout(() => response.end("a"), 50));
      const at = await webFolder(`http://${authority}`);
      const answers = await Promise.all(Array.from({ length: 8 }, () => suite().server.ask(`${at}/a.txt`)));
      expect([answers.map(({ status }) => status), requests.length]).toEqual([Array(8).fill(200), 1]);
    });

    test("is forgotten with a change of the origin", async () => {
      const [one, two] = [await files({ "/a.txt": "one" }), await files({ "/a.txt": "two" })];
      const id = await addOrigin("WEB_FOLDER", { baseUrl: `http://${one.authority}` });
      const at = await addEndpoint(id);
      expect((await get(`${at}/a.txt`)).body.toString()).toBe("one");
      const { library } = suite();
      const change = { settings: JSON.stringify({ baseUrl: `http://${two.authority}` }), updated_at: 1 };
      await library.writer.updateTable("origins").set(change).where("id", "=", id).execute();
      expect((await get(`${at}/a.txt`)).body.toString()).toBe("two");
    });

    test("of one account is no other account's", async () => {
      const { authority } = await files({ "/a.txt": "a" });
      const { library } = suite();
      const at = await webFolder(`http://${authority}`);
      const originId = added.origins.at(-1) ?? "";
      expect((await get(`${at}/a.txt`)).status).toBe(200);
      const other = await library.addAccount(`other${count}`);
      await insertUrlEndpoint(library.writer, {
        ...{ account_id: other, id: "stolen", description: "d", url_prefix: "stolen", created_at: 0 },
        origin_ids: JSON.stringify([originId]),
      });
      expect(await outcome(`/other${count}/stolen/a.txt`)).toEqual([404, "ENOENT"]);
      expect(requests.length).toBe(1);
    });
  });

  test("origins are asked in their order, and one that can't be read is told of, not passed over", async () => {
    const [one, two] = [await files({ "/a.txt": "one" }), await files({ "/a.txt": "two", "/b.txt": "two" })];
    const first = await addOrigin("WEB_FOLDER", { baseUrl: `http://${one.authority}` });
    const second = await addOrigin("WEB_FOLDER", { baseUrl: `http://${two.authority}` });
    const google = await addOrigin("GCS", { bucket: "b", prefix: "" }, { privateKey: secret });
    const role = await addOrigin("S3", { bucket: "b", prefix: "", useIAMRole: true });
    const at = await addEndpoint(first, second);
    expect((await get(`${at}/a.txt`)).body.toString()).toBe("one");
    expect((await get(`${at}/b.txt`)).body.toString()).toBe("two");
    for (const [origin, type] of [
      [google, "GCS"],
      [role, "S3"],
    ] as const) {
      const unread = await addEndpoint(first, origin, second);
      expect((await get(`${unread}/a.txt`)).status).toBe(200);
      const { status, headers } = await get(`${unread}/b.txt`);
      expect([status, headers["ik-error"]]).toEqual([400, `EINVALID - Origins of the type ${type} can't be read yet`]);
    }
  });

  test("caches store for a minute that a file is missing, and no trouble", async () => {
    const { authority } = await serve(({ url }, response) => response.writeHead(url === "/b.txt" ? 500 : 404).end());
    const at = await webFolder(`http://${authority}`);
    const caching = async (target: string) => (await get(target)).headers["cache-control"];
    expect(await caching(`${at}/a.txt`)).toBe("public, max-age=0, s-maxage=60");
    for (const target of [`${at}/b.txt`, `${at}/http://${authority}/a.txt`]) {
      expect(await caching(target), target).toBe("no-store");
    }
  });

  test("a bucket is asked with a signature, within its prefix, and for no other file", async () => {
    const { authority, port } = await files({ "/bucket/p/q/a%20b.txt": "found", "/p/q/a.txt": "in the host" });
    const keys = { accessKey: "AKIA", secretKey: secret };
    const settings = { bucket: "bucket", prefix: "p/q", endpoint: `http://${authority}`, s3ForcePathStyle: true };
    const at = await addEndpoint(await addOrigin("S3_COMPATIBLE", settings, keys));
    expect((await get(`${at}/a%20b.txt`)).body.toString()).toBe("found");
    expect(requests[0]?.url).toMatch(/^\/bucket\/p\/q\/a%20b\.txt\?X-Amz-Algorithm=.*&X-Amz-Signature=[0-9a-f]{64}$/);
    expect(requests[0]?.url).not.toContain(secret);
    expect(await outcome(`${at}/..%2f..%2fa.txt`)).toEqual([400, "EINVALID"]);
    const virtual = { ...settings, endpoint: `http://public.test:${port}`, s3ForcePathStyle: false };
    const inHost = await addEndpoint(await addOrigin("S3_COMPATIBLE", virtual, keys));
    expect((await get(`${inHost}/a.txt`)).body.toString()).toBe("in the host");
    expect(requests.at(-1)?.headers.host).toBe(`bucket.public.test:${port}`);
  });

  test("secrets that this server can't open are told as a failure, and in the log, and nothing is asked", async () => {
    const { authority } = await files({ "/bucket/a.txt": "a" });
    const settings = { bucket: "bucket", prefix: "", endpoint: `http://${authority}`, s3ForcePathStyle: true };
    const at = await addEndpoint(await addOrigin("S3_COMPATIBLE", settings, { accessKey: "A", secretKey: secret }));
    const { services } = suite();
    const { sealedSecrets } = services;
    services.sealedSecrets = new SealedSecrets([Buffer.alloc(32, 2).toString("base64")]);
    expect(await outcome(`${at}/a.txt`)).toEqual([404, "UNIDENTIFIED"]);
    services.sealedSecrets = sealedSecrets;
    const why = expect.stringMatching(/lacks the key [0-9a-f]{16},/);
    expect(warnings).toEqual([[expect.objectContaining({ why }), "an origin's secrets could not be opened"]]);
    expect(requests).toEqual([]);
  });

  describe("a web proxy", () => {
    test("reads hosts of its list, and any host for a signed URL", async () => {
      const { authority, port } = await files({ "/dir/a.png": await picture(60, 40), "/a.txt": "a" });
      const at = await webProxy([authority, `public.test:${port}`]);
      for (const url of [
        `http://${authority}/dir/a.png`,
        `http:/${authority}/dir/a.png`,
        encodeURIComponent(`http://public.test:${port}/dir/a.png?x=1`),
      ]) {
        const { status, body } = await get(`${at}/tr:w-30/${url}`);
        expect([url, status]).toEqual([url, 200]);
        expect(await sharp(body).metadata()).toMatchObject({ width: 30, height: 20 });
      }
      expect(requests.at(-1)?.url).toBe("/dir/a.png?x=1");
      expect((await get(`${at}/http://${authority}/dir/a.png/ik-thumbnail.jpg`)).status).toBe(200);
      const closed = await webProxy();
      requests.length = 0;
      expect(await outcome(`${closed}/http://${authority}/a.txt`)).toEqual([401, "EAUTH"]);
      expect(await outcome(`${closed}/a.txt`)).toEqual([404, "ENOENT"]);
      expect(await outcome(`/demo/http://${authority}/a.txt`)).toEqual([400, "EINVALID"]);
      const folder = await webFolder(`http://${authority}`);
      expect(await outcome(`${folder}/http://${authority}/a.txt`)).toEqual([400, "EINVALID"]);
      expect(requests).toEqual([]);
      // A signature opens every host, at the port of its scheme. Nothing listens there in this test.
      expect(await outcome(signed(`${closed}/http://${publicHost}/a.txt`))).toEqual([404, "ECONNREFUSED"]);
      expect(await outcome(signed(`${closed}/http://${authority}/a.txt`))).toEqual([404, "ECONNREFUSED"]);
      expect(requests).toEqual([]);
    });

    test.each([
      "127.0.0.2",
      "127.0.0.2.",
      "0x7f.0.0.2",
      "0177.0.0.2",
      "2130706434",
      "127.2",
      "%31%32%37.0.0.2",
      "①②⑦.0.0.2",
      "[::1]",
      "[::ffff:127.0.0.2]",
      "[64:ff9b::127.0.0.2]",
      "169.254.169.254",
      "localhost",
      "private.test",
      "mixed.test",
      "none.test",
    ])("connects to no address that isn't public, signed or not: %s", async (host) => {
      const { port } = await serve((_request, response) => response.end("inside"), privateHost);
      const at = await webProxy(["listed.test", `${host.toLowerCase()}:${port}`, host.toLowerCase()]);
      for (const url of [`http://${host}:${port}/a.txt`, `http://${host}/a.txt`]) {
        for (const spelled of [encodeURI(url), encodeURIComponent(url)]) {
          const [unsigned, opened] = [await outcome(`${at}/${spelled}`), await outcome(signed(`${at}/${spelled}`))];
          expect([unsigned[0], opened[0]].every((status) => Number(status) >= 400)).toBe(true);
          // Whether a name exists in this server's network, or a port is open there, stays untold.
          expect(["ECONNREFUSED", "EINVALID"]).toContain(opened[1]);
        }
      }
      expect(requests).toEqual([]);
    });

    test.each([
      "http://user@public.test/a.txt",
      "http://user:password@public.test/a.txt",
      "http://public.test:0/a.txt",
      "http://public.test/\r\nX-Injected: 1",
      "http://public.test\r\nX-Injected: 1/",
      "http://public.test/\0",
      "https://",
      "http://[::1",
    ])("refuses %j", async (url) => {
      const at = await webProxy(["public.test"]);
      expect(await outcome(signed(`${at}/${encodeURIComponent(url)}`))).toEqual([400, "EINVALID"]);
    });

    test.each(["ftp://public.test/a", "file:///etc/passwd", "gopher://public.test/", "//public.test/a.txt", "data:,a"])(
      "takes %s for a path",
      async (url) => {
        const at = await webProxy(["public.test"]);
        for (const spelled of [encodeURI(url), encodeURIComponent(url)]) {
          expect(["ENOENT", "EINVALID"]).toContain((await outcome(signed(`${at}/${spelled}`)))[1]);
        }
      },
    );

    test("isn't asked by an unsigned URL for a host that another proxy alone lists", async () => {
      const { authority } = await files({ "/a.txt": "a" });
      const proxies = [];
      for (const allowedHosts of [[], [authority]]) proxies.push(await addOrigin("WEB_PROXY", { allowedHosts }));
      const at = await addEndpoint(...proxies);
      expect((await get(`${at}/http://${authority}/a.txt`)).body.toString()).toBe("a");
      expect(await outcome(`${at}/http://${authority}/b.txt`)).toEqual([404, "ENOENT"]);
      expect(warnings).toEqual([]);
    });

    test("means no file of the library with a URL in the place of the path", async () => {
      const { library, accountId, store } = suite();
      await store({ path: "/ours/private.txt", bytes: Buffer.from("a"), isPrivate: true });
      const at = await webProxy([publicHost]);
      const target = `http://${publicHost}/ours/private.txt`;
      expect(await outcome(`${at}/${target}?ik-obj-version=a`)).toEqual([404, "ENOENT"]);
      const url = parseEndpointUrl({ endpoint: { origins: ["o"] } as unknown as UrlEndpoint, behind: target });
      expect(await findAsked(library.reader, viewerOfServer(accountId), url)).toEqual({
        asked: undefined,
        suffixes: [],
      });
    });

    test("follows no redirect from a listed host to one that isn't, nor serves it from what a signed URL read", async () => {
      const elsewhere = await files({ "/b.txt": "elsewhere" });
      const listed = await serve(({ url }, response) =>
        response
          .writeHead(302, { location: url === "/own.txt" ? "/c.txt" : `http://${elsewhere.authority}/b.txt` })
          .end(),
      );
      const at = await webProxy([listed.authority]);
      expect(await outcome(`${at}/http://${listed.authority}/a.txt`)).toEqual([404, "ECONNREFUSED"]);
      expect(requests.length).toBe(1);
      const both = await webProxy([listed.authority, elsewhere.authority]);
      expect((await get(`${both}/http://${listed.authority}/a.txt`)).body.toString()).toBe("elsewhere");
    });
  });

  describe("an origin", () => {
    test.each([
      ["a private address", () => `http://private.test/a.txt`],
      ["a literal private address", () => "http://127.0.0.2/a.txt"],
      ["another port", (port: number) => `http://public.test:${port}/a.txt`],
      ["another scheme", () => "file:///etc/passwd"],
      ["credentials", (port: number) => `http://user:pass@${publicHost}:${port}/a.txt`],
      ["itself, without end", () => "/a.txt"],
    ])("that redirects to %s isn't followed", async (_what, locationOf) => {
      const inside = await serve((_request, response) => response.end("inside"), privateHost);
      const other = await startRemoteServer((_request, response) => response.end("other"));
      servers.push(other);
      const { authority } = await serve((_request, response) =>
        response.writeHead(302, { location: locationOf(other.port) }).end(),
      );
      const at = await webFolder(`http://${authority}`);
      expect(await outcome(`${at}/a.txt`)).toEqual([404, locationOf(0) === "/a.txt" ? "UNIDENTIFIED" : "ECONNREFUSED"]);
      expect([other.connections, inside.connections]).toEqual([0, 0]);
    });

    test("whose name resolves to another address the next time is still not asked inside", async () => {
      const inside = await serve((_request, response) => response.end("inside"), privateHost);
      const { port } = await files({ "/a.txt": "public" });
      const at = await webFolder(`http://rebound.test:${port}`);
      expect((await get(`${at}/a.txt`)).body.toString()).toBe("public");
      time += 400_000;
      expect(await outcome(`${at}/b.txt`)).toEqual([404, "ECONNREFUSED"]);
      const mixed = await webFolder(`http://mixed.test:${inside.port}`);
      expect(await outcome(`${mixed}/a.txt`)).toEqual([404, "ECONNREFUSED"]);
      expect(inside.connections).toBe(0);
    });

    test.each<[string, RequestListener]>([
      ["announces too much", (_request, response) => response.writeHead(200, { "content-length": "5000" }).end()],
      [
        "doesn't end",
        (_request, response) => {
          const send = () => !response.destroyed && response.write(Buffer.alloc(1000), () => setImmediate(send));
          send();
        },
      ],
    ])("that %s is cut off", async (_what, listener) => {
      readWith({ originBytes: 4000 });
      const { authority } = await serve(listener);
      const at = await webFolder(`http://${authority}`);
      expect(await outcome(`${at}/a.txt`)).toEqual([400, "ELIMIT"]);
    });

    test.each<[string, RequestListener]>([
      ["never answers", () => {}],
      ["trickles", (_request, response: ServerResponse) => void setInterval(() => response.write("a"), 50).unref()],
      [
        "sends its answer compressed",
        (_request, response) => response.writeHead(200, { "content-encoding": "gzip" }).end("a"),
      ],
      ["closes the connection", (request) => request.socket.destroy()],
      [
        "sends less than announced",
        (_request, response) => response.writeHead(200, { "content-length": "9" }).end("a"),
      ],
    ])("that %s is given up", async (_what, listener) => {
      readWith({ originMs: 500, remoteHeadersMs: 300 });
      const { authority } = await serve((request, response) => {
        response.on("error", () => {});
        listener(request, response);
      });
      const at = await webFolder(`http://${authority}`);
      expect((await outcome(`${at}/a.txt`))[0]).toBe(404);
    });

    test("that speaks another protocol is given up", async () => {
      const server = await startRemoteServer(createTcpServer((socket) => socket.resume().end("SSH-2.0-OpenSSH\r\n")));
      servers.push(server);
      const at = await webFolder(`http://${server.authority}`);
      expect(await outcome(`${at}/a.txt`)).toEqual([404, "ECONNREFUSED"]);
    });

    test("that leads back to this server ends at once", async () => {
      const { server } = suite();
      const at = await webFolder(`http://127.0.0.1:${server.port}`);
      const endpoint = at.slice("/demo/".length);
      const { library, accountId } = suite();
      const baseUrl = `http://127.0.0.1:${server.port}/demo/${endpoint}`;
      await library.writer
        .updateTable("origins")
        .set({ settings: JSON.stringify({ baseUrl }), updated_at: 1 })
        .where("account_id", "=", accountId)
        .execute();
      expect(await outcome(`${at}/a.txt`)).toEqual([404, "UNIDENTIFIED"]);
      expect(await outcome(`${at}/b.txt`)).toEqual([404, "UNIDENTIFIED"]);
      const { headers } = await get(`${at}/c.txt`, { "cdn-loop": "other, sluice; v=1" });
      expect(headers["ik-error"]).toMatch(/^EINVALID - The request comes from a server like this one/);
    });

    test("takes no more than its share of places, and others are served meanwhile", async () => {
      readWith({ originReads: 2 });
      let release = (): void => {};
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      const { authority } = await serve(async ({ url }, response) => {
        if (url?.startsWith("/slow")) await held;
        response.end("a");
      });
      const { library } = suite();
      const at = await webFolder(`http://${authority}`);
      const other = await library.addAccount(`neighbour${count}`);
      const id = `n${count}`;
      await insertOrigin(library.writer, {
        ...{ id, account_id: other, name: "o", type: "WEB_FOLDER", secrets: null, created_at: 0, updated_at: 0 },
        settings: JSON.stringify({ baseUrl: `http://${authority}` }),
      });
      await insertUrlEndpoint(library.writer, {
        ...{ account_id: other, id: "e", description: "d", url_prefix: "e", created_at: 0 },
        origin_ids: JSON.stringify([id]),
      });
      const slow = Array.from({ length: 4 }, (_, index) => suite().server.ask(`${at}/slow${index}.txt`));
      while (requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      expect((await get(`/neighbour${count}/e/a.txt`)).status).toBe(200);
      expect(requests.filter(({ url }) => url?.startsWith("/slow")).length).toBe(1);
      release();
      expect((await Promise.all(slow)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    });

    test("whose files hold the memory has further ones refused for now, and not as missing", async () => {
      readWith({ originsMemoryBytes: 1000 }, 100);
      let release = (): void => {};
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      const { authority } = await serve(async ({ url }, response) => {
        response.writeHead(200, { "content-length": "400" }).flushHeaders();
        if (url === "/slow.txt") await held;
        response.end("a".repeat(400));
      });
      const at = await webFolder(`http://${authority}`);
      const slow = suite().server.ask(`${at}/slow.txt`);
      while (requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      const { status, headers } = await suite().server.ask(`${at}/a.txt`);
      expect([status, headers["retry-after"]]).toEqual([503, "5"]);
      release();
      expect((await slow).status).toBe(200);
      expect((await get(`${at}/a.txt`)).status).toBe(200);
    });

    test("of which many files are asked for doesn't push out what others have had read", async () => {
      const { authority } = await files({ "/a.txt": "a" });
      const at = await webFolder(`http://${authority}`);
      for (let index = 0; index < 50; index += 1) await suite().server.ask(`${at}/missing${index}.txt`);
      expect((await get(`${at}/a.txt`)).status).toBe(200);
      requests.length = 0;
      for (let index = 0; index < 50; index += 1) await suite().server.ask(`${at}/missing${index}.txt`);
      expect((await get(`${at}/a.txt`)).status).toBe(200);
      expect(requests).toEqual([]);
    });
  });
});
