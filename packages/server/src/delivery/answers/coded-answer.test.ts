import { randomBytes } from "node:crypto";
import { request } from "node:http";
import { Readable } from "node:stream";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { MediaError } from "../../media/media-error.ts";
import { describeDelivery } from "../testing/delivery-suite.ts";

const script = Buffer.from("export const answer = (question) => question.length;\n".repeat(200));
const browser = { "accept-encoding": "gzip, deflate, br, zstd" };
const mime = "text/javascript";
const vary = "Accept-Encoding";

describeDelivery((suite) => {
  const store = async (path: string, bytes: Buffer = script, type = mime) => {
    await suite().store({ path, bytes, mime: type });
    return `/demo${path}`;
  };

  test.each([
    ["br", brotliDecompressSync, browser],
    ["gzip", gunzipSync, { "accept-encoding": "gzip" }],
    ["gzip", gunzipSync, { "accept-encoding": "br;q=0.1, gzip" }],
  ])("a text comes in %s to whoever takes it, with the headers that it has always", async (coding, decode, headers) => {
    const { get } = suite();
    const url = await store("/coded/a.js");
    const plain = await get(url);
    const coded = await get(url, headers);
    expect(decode(coded.body).equals(script)).toBe(true);
    expect(plain.body.equals(script)).toBe(true);
    const { etag = "", date: _, "accept-ranges": __, ...others } = plain.headers;
    expect(coded.headers).toMatchObject({
      ...others,
      date: expect.any(String),
      vary,
      etag: etag.replace(/"$/, `.${coding}"`),
      "content-encoding": coding,
      "content-length": String(coded.body.length),
      "content-type": "text/javascript; charset=utf-8",
      "content-security-policy": "sandbox; default-src 'none'",
      "x-content-type-options": "nosniff",
    });
    expect(coded.headers).not.toHaveProperty("accept-ranges");
    expect(plain.headers).toMatchObject({ vary, "accept-ranges": "bytes" });
    expect(plain.headers).not.toHaveProperty("content-encoding");
  });

  test("a download is a download", async () => {
    const url = await store("/coded/b.js");
    const { headers } = await suite().get(`${url}?ik-attachment=true`, browser);
    expect(headers).toMatchObject({ "content-encoding": "br", "content-disposition": "attachment; filename=b.js" });
  });

  test.each([
    ["short", "text/css", script.subarray(0, 1023)],
    ["a picture", "image/png", script],
    ["unknown", "application/octet-stream", script],
  ])("what is %s comes as it is, and depends on nothing", async (name, type, bytes) => {
    const url = await store(`/coded/${name.replace(" ", "-")}`, Buffer.from(bytes), type);
    const { headers, body } = await suite().get(`${url}?tr=orig-true`, browser);
    expect(body.equals(bytes)).toBe(true);
    expect(headers).not.toHaveProperty("content-encoding");
    expect(headers).not.toHaveProperty("vary");
  });

  test("what hardly shrinks comes as it is, and is tried once", async () => {
    const { get, services } = suite();
    const bytes = randomBytes(5000);
    const url = await store("/coded/c.pdf", bytes, "application/pdf");
    const { compressor } = services;
    let tried = 0;
    services.compressor = {
      suits: (type, size) => compressor.suits(type, size),
      compress: (...args) => {
        tried += 1;
        return compressor.compress(...args);
      },
    };
    try {
      for (const _ of [1, 2]) {
        const { headers, body } = await get(url, browser);
        expect(body.equals(bytes)).toBe(true);
        expect(headers).toMatchObject({ vary, "accept-ranges": "bytes" });
        expect(headers).not.toHaveProperty("content-encoding");
      }
      expect(tried).toBe(1);
    } finally {
      services.compressor = compressor;
    }
  });

  test("a range is one of the bytes as they are, and so is what comes instead of one", async () => {
    const { get } = suite();
    const url = await store("/coded/d.js");
    const { etag = "" } = (await get(url)).headers;
    const coded = (await get(url, browser)).headers.etag ?? "";
    const part = await get(url, { ...browser, range: "bytes=7-11" });
    expect([part.status, part.body.toString()]).toEqual([206, "const"]);
    expect(part.headers).toMatchObject({ etag, vary });
    expect((await get(url, { ...browser, range: "bytes=7-11", "if-range": etag })).status).toBe(206);
    const whole = await get(url, { ...browser, range: "bytes=7-11", "if-range": coded });
    expect([whole.status, whole.body.equals(script), whole.headers.etag]).toEqual([200, true, etag]);
    expect((await get(url, { ...browser, range: `bytes=${script.length}-` })).status).toBe(416);
  });

  describe("a client's copy", () => {
    test("is right in every coding that the client takes, without the store and the compressor", async () => {
      const { get, services } = suite();
      const url = await store("/coded/e.js");
      const { etag: plain = "", "last-modified": since = "" } = (await get(url)).headers;
      const br = (await get(url, browser)).headers.etag ?? "";
      const { blobs, compressor } = services;
      const asked = () => Promise.reject(new Error("asked for"));
      services.blobs = { size: asked, read: asked };
      services.compressor = { suits: (type, size) => compressor.suits(type, size), compress: asked };
      try {
        for (const [held, expected] of [
          [{ "if-none-match": br }, br],
          [{ "if-none-match": `W/${br}` }, br],
          [{ "if-none-match": `${plain}, ${br}` }, br],
          [{ "if-none-match": plain }, plain],
          [{ "if-none-match": "*" }, br],
          [{ "if-modified-since": since }, br],
        ] as [Record<string, string>, string][]) {
          const { status, headers } = await get(url, { ...browser, ...held });
          expect([status, headers.etag]).toEqual([304, expected]);
          expect(headers).toMatchObject({ vary, "content-security-policy": "sandbox; default-src 'none'" });
          expect(headers).not.toHaveProperty("content-encoding");
          expect("accept-ranges" in headers).toBe(expected === plain);
        }
      } finally {
        Object.assign(services, { blobs, compressor });
      }
    });

    test("in a coding that the client doesn't take is wrong", async () => {
      const { get } = suite();
      const url = await store("/coded/f.js");
      const br = (await get(url, browser)).headers.etag ?? "";
      for (const headers of [{}, { "accept-encoding": "gzip" }, { "accept-encoding": "br;q=0" }] as Record<
        string,
        string
      >[]) {
        expect((await get(url, { ...headers, "if-none-match": br })).status).toBe(200);
      }
    });
  });

  describe("a drawing", () => {
    const drawing = (length: number) =>
      `<svg xmlns="http://www.w3.org/2000/svg">${'<circle r="4"/>'.repeat(length)}</svg>`;
    const vector = "image/svg+xml";

    test("comes compressed after it was cleaned, also when the answer is remembered", async () => {
      const { get } = suite();
      const clean = drawing(200);
      const url = await store("/coded/a.svg", Buffer.from(clean.replace("><", "><script>1</script><")), vector);
      const { etag = "" } = (await get(url)).headers;
      for (const _ of [1, 2]) {
        const plain = await get(url);
        expect(plain.body.toString()).toBe(clean);
        expect(plain.headers).toMatchObject({ vary, etag });
        const coded = await get(url, browser);
        expect(brotliDecompressSync(coded.body).toString()).toBe(clean);
        expect(coded.headers).toMatchObject({
          vary,
          etag: etag.replace(/"$/, '.br"'),
          "content-encoding": "br",
          "content-type": vector,
          "content-security-policy": "sandbox; default-src 'none'",
        });
        expect(coded.headers).not.toHaveProperty("accept-ranges");
        expect(gunzipSync((await get(url, { "accept-encoding": "gzip" })).body).toString()).toBe(clean);
        const part = await get(url, { ...browser, range: "bytes=0-3" });
        expect([part.status, part.body.toString(), part.headers.etag]).toEqual([206, "<svg", etag]);
        expect(part.headers.vary).toBe(vary);
        for (const held of [etag, coded.headers.etag ?? ""]) {
          const unchanged = await get(url, { ...browser, "if-none-match": held });
          expect([unchanged.status, unchanged.headers.etag, unchanged.headers.vary]).toEqual([304, held, vary]);
          expect("accept-ranges" in unchanged.headers).toBe(held === etag);
        }
        expect((await get(url, { "if-none-match": coded.headers.etag ?? "" })).status).toBe(200);
      }
    });

    test("that is short comes as it is", async () => {
      const { get } = suite();
      const url = await store("/coded/b.svg", Buffer.from(drawing(2)), vector);
      const { headers, body } = await get(url, browser);
      expect(body.toString()).toBe(drawing(2));
      expect(headers).toMatchObject({ vary, "accept-ranges": "bytes" });
    });

    test("that is none is compressed as the text that it is", async () => {
      const bytes = Buffer.from(drawing(200).replace("</svg>", ""));
      const url = await store("/coded/c.svg", bytes, vector);
      const { headers, body } = await suite().get(url, browser);
      expect(brotliDecompressSync(body).equals(bytes)).toBe(true);
      expect(headers).toMatchObject({ "content-type": "text/plain; charset=utf-8", "content-encoding": "br", vary });
    });
  });

  test("where too many ask at once it comes as it is, and compressed the next time", async () => {
    const { get, services } = suite();
    const files = [await store("/coded/g.js"), await store("/coded/d.svg", script, "image/svg+xml")];
    const drawing = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${"<g/>".repeat(500)}</svg>`);
    files.push(await store("/coded/e.svg", drawing, "image/svg+xml"));
    const { compressor } = services;
    for (const url of files) {
      services.compressor = {
        suits: (type, size) => compressor.suits(type, size),
        compress: () => Promise.reject(new MediaError("EBUSY", "full")),
      };
      try {
        const { status, headers } = await get(url, browser);
        expect([status, headers.vary]).toEqual([200, vary]);
        expect(headers).not.toHaveProperty("content-encoding");
      } finally {
        services.compressor = compressor;
      }
      expect((await get(url, browser)).headers["content-encoding"]).toBe("br");
    }
  });

  test("a file that the store has lost is an error of the server's", async () => {
    const { server, services } = suite();
    const url = await store("/coded/lost.js", Buffer.concat([script, Buffer.from("lost")]));
    const { blobs } = services;
    services.blobs = { ...blobs, read: async () => Readable.from([script]) };
    try {
      const { status, headers } = await server.ask(url, browser);
      expect([status, headers["cache-control"]]).toEqual([500, "no-store"]);
      expect(headers).not.toHaveProperty("content-encoding");
    } finally {
      services.blobs = blobs;
    }
  });

  test("a client that goes away ends the work, once nobody else waits for it", async () => {
    const { server, services } = suite();
    const url = await store("/coded/left.js", Buffer.concat([script, Buffer.from("left")]));
    const { blobs } = services;
    const opened = Promise.withResolvers<Readable>();
    services.blobs = {
      ...blobs,
      read: async () => {
        const file = new Readable({ read() {} });
        file.push(script);
        opened.resolve(file);
        return file;
      },
    };
    const logged = server.errors.length;
    try {
      const sent = request({ port: server.port, host: "127.0.0.1", path: url, headers: browser, agent: false });
      sent.on("error", () => undefined).end();
      const file = await opened.promise;
      expect(file.destroyed).toBe(false);
      sent.destroy();
      await expect.poll(() => file.destroyed).toBe(true);
      expect(server.errors.length).toBe(logged);
    } finally {
      services.blobs = blobs;
    }
  });
});
