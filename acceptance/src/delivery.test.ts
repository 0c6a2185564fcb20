import { randomBytes } from "node:crypto";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DeliverOptions, deliver, original } from "./harness/deliver.ts";
import { call } from "./harness/media-api.ts";
import { animation, jpeg, mp4, photograph, png, svg } from "./harness/samples.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

type Fields = Readonly<Record<string, string>>;

async function store(content: string | Uint8Array, fileName: string, fields: Fields = {}) {
  return (await uploadBasic(server.url, content, { fileName, ...fields })).body;
}

const sandbox = "sandbox; default-src 'none'";

describe("the URL of an upload", () => {
  test("gives the stored bytes, with orig-true whatever they are", async () => {
    const files: readonly [Uint8Array, string][] = [
      [randomBytes(300_000), "a.bin"],
      [await photograph(6), "a.jpg"],
      [await animation("gif"), "a.gif"],
      [mp4(), "a.mp4"],
    ];
    for (const [content, fileName] of files) {
      const { url, filePath } = await store(content, fileName);
      const inPath = `${server.url}/demo/tr:orig-true${filePath}`;
      for (const address of [original(url), inPath]) {
        const { status, bytes } = await deliver(address);
        expect(status).toBe(200);
        expect(bytes.equals(content), address).toBe(true);
      }
    }
    const plain = await store("plain", "a.txt");
    expect((await deliver(plain.url)).bytes.toString()).toBe("plain");
  });

  test("says what is sent: type, length, tag, time and that ranges are served", async () => {
    const content = await png();
    const { url, fileId } = await store(content, "a.png");
    const { body } = await call(server.url, "GET", `/v1/files/${fileId}/details`);
    const { headers } = await deliver(original(url));
    expect(headers).toMatchObject({
      "content-type": "image/png",
      "content-length": String(content.length),
      "accept-ranges": "bytes",
      "last-modified": new Date(body.updatedAt).toUTCString(),
      "x-content-type-options": "nosniff",
      "access-control-allow-origin": "*",
    });
    expect(headers.etag).toMatch(/^"[^"]+"$/);
    expect(headers["x-request-id"]).toMatch(/\S/);
  });

  test("takes the folders and names that uploads take", async () => {
    const fields = { folder: "/été/日本", useUniqueFileName: "false" };
    const { url, filePath } = await store("here", "हिन्दी-1_2.tar.gz", fields);
    for (const address of [
      url,
      encodeURI(`${server.url}/demo${filePath.normalize("NFD")}`),
      url.replace("/demo/", "/demo//"),
    ]) {
      expect((await deliver(original(address))).bytes.toString(), address).toBe("here");
    }
  });

  test("ignores other query parameters", async () => {
    const { url } = await store("same", "a.txt");
    for (const query of ["v=1", "updatedAt=1", "utm_source=x&tr=orig-true", "ik-sdk-version=node-1"]) {
      expect((await deliver(`${url}?${query}`)).bytes.toString(), query).toBe("same");
    }
  });
});

describe("what is not there", () => {
  test.each(["/demo/nothing.txt", "/demo/", "/demo", "/demo/folder/", "/demo/a.txt/b"])(
    "is 404 with an ik-error: %s",
    async (path) => {
      await store("a", "a.txt", { useUniqueFileName: "false", folder: "/folder" });
      const { status, headers, bytes } = await deliver(server.url + path);
      expect([status, bytes.toString()]).toEqual([404, "Not Found"]);
      expect(headers["ik-error"]).toBe("ENOENT - Resource not found at any upstream origin");
      expect(headers["x-content-type-options"]).toBe("nosniff");
    },
  );

  test("has no account either: every method is answered as /v1 does", async () => {
    const unknown = await deliver(`${server.url}/v1/nothing`);
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
      const { status, headers, bytes } = await deliver(`${server.url}/nobody/a.txt`, { method });
      expect([status, headers["content-type"]], method).toEqual([404, "application/json; charset=utf-8"]);
      expect(bytes, method).toEqual(unknown.bytes);
    }
  });

  test.each(["/demo/../etc/passwd", "/demo/a/%2e%2e/%2e%2e/b", "/demo/a%2fb.txt", "/demo/a%00b", "/demo/..%5cb"])(
    "is not looked for outside the account: %s",
    async (path) => {
      const { status } = await deliver(server.url + path);
      expect([400, 404]).toContain(status);
    },
  );

  test("is a transformation that this server doesn't know", async () => {
    const { url, filePath } = await store(await png(), "a.png");
    for (const address of [`${url}?tr=w-abc`, `${url}?tr=e-upscale`, `${server.url}/demo/tr:n-unknown${filePath}`]) {
      const { status, headers } = await deliver(address);
      expect([status, headers["ik-error"]], address).toEqual([400, expect.stringMatching(/^EINVALID - /)]);
    }
    for (const address of [`${url}?tr=`, `${server.url}/demo/tr:${filePath}`]) {
      expect((await deliver(address)).status, address).toBe(200);
    }
  });
});

describe("methods", () => {
  test("HEAD has the headers of GET and nothing else", async () => {
    const { url } = await store("0123456789", "a.txt");
    const [got, head] = [await deliver(original(url)), await deliver(original(url), { method: "HEAD" })];
    expect([head.status, head.bytes.length]).toEqual([200, 0]);
    const varying = { date: "", "x-request-id": "", "x-ik-requestid": "" };
    expect({ ...head.headers, ...varying }).toEqual({ ...got.headers, ...varying });
    expect((await deliver(`${server.url}/demo/no.txt`, { method: "HEAD" })).status).toBe(404);
  });

  test("OPTIONS is answered for pages, other methods are 405", async () => {
    const { url } = await store("a", "a.txt");
    const preflight = await deliver(url, { method: "OPTIONS", headers: { origin: "https://example.com" } });
    expect([preflight.status, preflight.headers["access-control-allow-origin"]]).toEqual([204, "*"]);
    for (const method of ["POST", "PUT", "DELETE", "PATCH"]) {
      const { status, headers } = await deliver(url, { method });
      expect([status, headers.allow], method).toEqual([405, "GET, HEAD, OPTIONS"]);
    }
  });
});

describe("ranges", () => {
  const content = "0123456789";
  const ranged = async (range: string, headers: Fields = {}) => {
    const { url } = await store(content, "a.txt", { fileName: "range.txt", useUniqueFileName: "false" });
    return deliver(original(url), { headers: { range, ...headers } });
  };

  test.each([
    ["bytes=0-3", "0123", "bytes 0-3/10"],
    ["bytes=4-", "456789", "bytes 4-9/10"],
    ["bytes=-2", "89", "bytes 8-9/10"],
    ["bytes=8-99", "89", "bytes 8-9/10"],
    ["bytes=-99", content, "bytes 0-9/10"],
  ])("%s is sent alone", async (range, expected, contentRange) => {
    const { status, headers, bytes } = await ranged(range);
    expect([status, bytes.toString(), headers["content-range"]]).toEqual([206, expected, contentRange]);
    expect(headers["content-length"]).toBe(String(expected.length));
  });

  test.each(["bytes=10-", "bytes=99-100", "bytes=-0"])("%s can't be satisfied", async (range) => {
    const { status, headers } = await ranged(range);
    expect([status, headers["content-range"]]).toEqual([416, "bytes */10"]);
  });

  test.each(["bytes=x", "items=0-1", "bytes=0-1,4-5"])("%s is answered with the whole", async (range) => {
    const { status, bytes } = await ranged(range);
    expect([status, bytes.toString()]).toEqual([200, content]);
  });

  test("If-Range holds a range to the bytes that the client has", async () => {
    const { headers } = await ranged("bytes=0-0");
    expect((await ranged("bytes=0-3", { "if-range": headers.etag ?? "" })).status).toBe(206);
    expect((await ranged("bytes=0-3", { "if-range": '"other"' })).bytes.toString()).toBe(content);
  });
});

describe("conditional requests", () => {
  test("are 304 without bytes while the client's copy is right", async () => {
    const { url } = await store("same", "a.txt");
    const { headers } = await deliver(original(url));
    const conditions = [
      { "if-none-match": headers.etag ?? "" },
      { "if-none-match": `"other", W/${headers.etag}` },
      { "if-none-match": "*" },
      { "if-modified-since": headers["last-modified"] ?? "" },
    ];
    for (const condition of conditions) {
      const answer = await deliver(original(url), { headers: condition });
      expect([answer.status, answer.bytes.length, answer.headers.etag]).toEqual([304, 0, headers.etag]);
      expect(answer.headers["cache-control"]).toBe(headers["cache-control"]);
    }
    const past = new Date(Date.parse(headers["last-modified"] ?? "") - 1000).toUTCString();
    for (const condition of [{ "if-none-match": '"other"' }, { "if-modified-since": past }]) {
      expect((await deliver(original(url), { headers: condition })).status).toBe(200);
    }
  });

  test("get the new bytes after an overwrite", async () => {
    const fields = { fileName: "changes.txt", useUniqueFileName: "false" };
    const { url } = await store("old", "", fields);
    const before = await deliver(original(url));
    await store("new", "", fields);
    const headers = { "if-none-match": before.headers.etag ?? "" };
    const after = await deliver(original(url), { headers });
    expect([after.status, after.bytes.toString()]).toEqual([200, "new"]);
    expect(after.headers.etag).not.toBe(before.headers.etag);
  });
});

describe("compression", () => {
  const takes = (accepted: string, more: Fields = {}) => ({ headers: { "accept-encoding": accepted, ...more } });

  test("is of texts, in Brotli or else gzip, under a tag for each, and HEAD tells of it as GET does", async () => {
    const text = "the same again and again ".repeat(400);
    for (const [fileName, content] of [
      ["a.html", `<p>${text}</p>`],
      ["a.json", JSON.stringify({ text })],
      ["a.m3u8", `#EXTM3U\n# ${text}\n`],
      ["a.svg", svg.replace("<circle", `<text>${text}</text><circle`)],
    ] as const) {
      const { url } = await store(content, fileName);
      const plain = await deliver(url, takes("identity"));
      const br = await deliver(url, takes("gzip, deflate, br, zstd"));
      const gzip = await deliver(url, takes("gzip, br;q=0.5"));
      for (const [answer, coding, whole] of [
        [plain, undefined, plain.bytes],
        [br, "br", brotliDecompressSync(br.bytes)],
        [gzip, "gzip", gunzipSync(gzip.bytes)],
      ] as const) {
        expect([fileName, answer.status, answer.headers["content-encoding"]]).toEqual([fileName, 200, coding]);
        expect([answer.headers.vary, whole.equals(plain.bytes)]).toEqual(["Accept-Encoding", true]);
        expect(answer.headers["content-type"]).toBe(plain.headers["content-type"]);
        expect(answer.headers["content-security-policy"]).toBe(plain.headers["content-security-policy"]);
      }
      expect(br.bytes.length).toBeLessThan(plain.bytes.length / 4);
      expect(new Set([plain, br, gzip].map(({ headers }) => headers.etag)).size).toBe(3);
      const { headers } = await deliver(url, { method: "HEAD", ...takes("br") });
      for (const name of ["etag", "content-encoding", "content-length", "vary"]) {
        expect(headers[name]).toBe(br.headers[name]);
      }
    }
  });

  test("gives way to ranges, and a compressed copy is right for who still takes it", async () => {
    const { url } = await store("0123456789".repeat(500), "a.txt");
    const { etag: plain } = (await deliver(url)).headers;
    const { etag = "" } = (await deliver(url, takes("br"))).headers;
    const part = await deliver(url, takes("br", { range: "bytes=10-12" }));
    expect([part.status, part.bytes.toString(), part.headers.etag]).toEqual([206, "012", plain]);
    expect(part.headers.vary).toBe("Accept-Encoding");
    const resumed = await deliver(url, takes("br", { range: "bytes=10-12", "if-range": etag }));
    expect([resumed.status, resumed.bytes.length]).toEqual([200, 5000]);
    const unchanged = await deliver(url, takes("br", { "if-none-match": etag }));
    expect([unchanged.status, unchanged.headers.etag, unchanged.headers.vary]).toEqual([304, etag, "Accept-Encoding"]);
    expect((await deliver(url, takes("gzip", { "if-none-match": etag }))).headers["content-encoding"]).toBe("gzip");
  });

  test("leaves alone what is short, and what is compressed already", async () => {
    const files: readonly [Uint8Array | string, string][] = [
      ["short", "a.txt"],
      [await png(), "a.png"],
      [randomBytes(5000), "a.bin"],
    ];
    for (const [content, fileName] of files) {
      const { url } = await store(content, fileName);
      const { headers, bytes } = await deliver(original(url), takes("gzip, br"));
      expect(bytes.equals(Buffer.from(content)), fileName).toBe(true);
      expect(headers["content-encoding"] ?? headers.vary, fileName).toBeUndefined();
    }
  });
});

test.each([
  ["a.html", "<script>alert(1)</script>", "text/html; charset=utf-8"],
  ["a.svg", svg.replace("<circle", "<script>alert(1)</script><circle"), "image/svg+xml"],
  ["a.js", "alert(1)", "text/javascript; charset=utf-8"],
  ["a.xml", "<a/>", "application/xml"],
  ["a.xhtml", '<html xmlns="http://www.w3.org/1999/xhtml"/>', "application/xhtml+xml"],
  ["a.pdf", "%PDF-1.7\n%âãÏÓ\n", "application/pdf"],
])("%s runs nothing in the server's origin", async (fileName, content, type) => {
  const { url } = await store(content, fileName);
  const requests: readonly DeliverOptions[] = [{}, { method: "HEAD" }, { headers: { range: "bytes=0-1" } }];
  for (const options of requests) {
    const { headers } = await deliver(url, options);
    expect(headers).toMatchObject({ "content-type": type, "content-security-policy": sandbox });
    expect(headers["x-content-type-options"]).toBe("nosniff");
  }
});

describe("ik-attachment", () => {
  test.each([
    ["ik-attachment=true", /^attachment; filename="?report_.{9,11}\.txt"?$/],
    ["ik-attachment=true&ik-attachment-filename=summary", /^attachment; filename="?summary\.txt"?$/],
    ["ik-attachment=true&ik-attachment-filename=%C3%A9t%C3%A9", /filename\*=UTF-8''%C3%A9t%C3%A9\.txt$/],
  ])("%s makes a download of it", async (query, expected) => {
    const { url } = await store("a", "report.txt");
    expect((await deliver(`${url}?${query}`)).headers["content-disposition"]).toMatch(expected);
    expect((await deliver(url)).headers).not.toHaveProperty("content-disposition");
  });
});

describe("a thumbnail", () => {
  const sizeOf = async (address: string) => {
    const { status, headers, bytes } = await deliver(address);
    expect(status).toBe(200);
    const { width, height, format } = await sharp(bytes).metadata();
    expect(headers["content-type"]).toBe(`image/${format}`);
    expect(headers["content-length"]).toBe(String(bytes.length));
    return [width, height];
  };

  test("fits into 400 by 400, whole, and is never enlarged", async () => {
    expect(await sizeOf((await store(await jpeg(1200, 600), "a.jpg")).thumbnailUrl)).toEqual([400, 200]);
    expect(await sizeOf((await store(await png(30, 20, { alpha: true }), "a.png")).thumbnailUrl)).toEqual([30, 20]);
  });

  test("is there in the path, in the query and under its older name", async () => {
    const { url, filePath, fileId } = await store(await jpeg(800, 400), "a.jpg");
    const { body } = await call(server.url, "GET", `/v1/files/${fileId}/details`);
    expect(await sizeOf(body.thumbnail)).toEqual([400, 200]);
    expect(await sizeOf(`${url}?tr=n-ik_ml_thumbnail`)).toEqual([400, 200]);
    expect(await sizeOf(`${server.url}/demo/tr:n-media_library_thumbnail${filePath}`)).toEqual([100, 50]);
  });

  test("is WebP for who takes it, and says that this depends on Accept", async () => {
    const { thumbnailUrl } = await store(await jpeg(800, 400), "a.jpg");
    for (const [accept, type] of [
      ["image/avif,image/webp,*/*", "image/webp"],
      ["*/*", "image/jpeg"],
    ] as const) {
      const { headers } = await deliver(thumbnailUrl, { headers: { accept } });
      expect([headers["content-type"], headers.vary]).toEqual([type, "Accept"]);
      const again = { accept, "if-none-match": headers.etag ?? "" };
      expect((await deliver(thumbnailUrl, { headers: again })).status).toBe(304);
    }
  });

  test("of a drawing is the drawing, in its sandbox", async () => {
    const { thumbnailUrl } = await store(svg, "a.svg");
    const { headers, bytes } = await deliver(thumbnailUrl);
    expect(bytes.toString()).toBe(svg);
    expect(headers).toMatchObject({ "content-type": "image/svg+xml", "content-security-policy": sandbox });
  });

  test("of what is no picture, or is a damaged one, is refused", async () => {
    const { filePath } = await store("text", "a.txt");
    expect((await deliver(`${server.url}/demo/tr:n-ik_ml_thumbnail${filePath}`)).status).toBe(404);
    const damaged = (await jpeg(600, 400)).subarray(0, 300);
    const { status, headers } = await deliver((await store(damaged, "a.jpg")).thumbnailUrl);
    expect([status, headers["ik-error"]]).toEqual([400, expect.stringMatching(/^EINVALID - /)]);
  });
});
