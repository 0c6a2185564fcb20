import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { defaultLimits } from "../../../config/limits.ts";
import { describeDelivery } from "../../testing/delivery-suite.ts";

const root = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">';
const stored = `${root}<script>alert(1)</script><circle r="4" onclick="alert(2)"/></svg>`;
const clean = `${root}<circle r="4"/></svg>`;
const vector = "image/svg+xml";
const policy = "sandbox; default-src 'none'";

describeDelivery((suite) => {
  const store = async (path: string, text: string | Buffer) => {
    await suite().store({ path, bytes: Buffer.from(text), mime: vector });
    return `/demo${path}`;
  };

  test("a drawing comes without anything that runs, and stays a drawing to caches and ranges", async () => {
    const { get } = suite();
    const url = await store("/drawn/a.svg", stored);
    const whole = await get(url);
    expect([whole.status, whole.body.toString()]).toEqual([200, clean]);
    expect(whole.headers).toMatchObject({
      "content-type": vector,
      "content-security-policy": policy,
      "x-content-type-options": "nosniff",
      "accept-ranges": "bytes",
      etag: expect.stringMatching(/^"[\w-]+"$/),
    });
    const { etag = "" } = whole.headers;
    const part = await get(url, { range: "bytes=5-8", "if-range": etag });
    expect([part.status, part.body.toString()]).toEqual([206, clean.slice(5, 9)]);
    expect(part.headers).toMatchObject({ "content-range": `bytes 5-8/${clean.length}`, etag });
    expect((await get(url, { range: "bytes=900-" })).headers["content-range"]).toBe(`bytes */${clean.length}`);
    const unchanged = await get(url, { "if-none-match": etag });
    expect([unchanged.status, unchanged.headers.etag]).toEqual([304, etag]);
    expect(unchanged.headers["content-security-policy"]).toBe(policy);
  });

  test("also as a download, and as its own thumbnail", async () => {
    const { get } = suite();
    const url = await store("/drawn/b.svg", stored);
    const download = await get(`${url}?ik-attachment=true`);
    expect([download.body.toString(), download.headers["content-disposition"]]).toEqual([
      clean,
      "attachment; filename=b.svg",
    ]);
    for (const text of ["n-ik_ml_thumbnail", "w-100", "f-svg,bl-5"]) {
      expect((await get(`${url}?tr=${text}`)).body.toString(), text).toBe(clean);
    }
  });

  test.each(["ik-sanitizeSvg=false", "tr=orig-true", "tr=orig-true&ik-sanitizeSvg=true"])(
    "%s gives the stored bytes, under another tag and the same policy",
    async (query) => {
      const { get } = suite();
      const url = await store("/drawn/c.svg", stored);
      const { headers, body } = await get(`${url}?${query}`);
      expect(body.toString()).toBe(stored);
      expect(headers).toMatchObject({ "content-type": vector, "content-security-policy": policy });
      const sanitised = await get(`${url}?ik-sanitizeSvg=true`);
      expect(sanitised.body.toString()).toBe(clean);
      expect(sanitised.headers.etag).not.toBe(headers.etag);
      expect((await get(url, { "if-none-match": headers.etag ?? "" })).status).toBe(200);
    },
  );

  test.each(["", "1", "TRUE", "maybe"])("ik-sanitizeSvg=%s is refused", async (value) => {
    const { status, headers } = await suite().get(`/demo/none.jpg?ik-sanitizeSvg=${value}`);
    expect([status, headers["ik-error"]]).toEqual([400, "EINVALID - ik-sanitizeSvg must be true or false"]);
  });

  test("other files know nothing of it", async () => {
    await suite().store({ path: "/drawn/d.html", bytes: Buffer.from(stored), mime: "text/html" });
    expect((await suite().get("/demo/drawn/d.html?ik-sanitizeSvg=true")).body.toString()).toBe(stored);
  });

  describe("what is no well-formed drawing is shown as the text that it is", () => {
    const { svgBytes } = defaultLimits;
    test.each([
      ["what isn't closed", `${root}<script>alert(1)</script>`],
      ["an entity bomb", `<!DOCTYPE svg [<!ENTITY a "a"><!ENTITY b "&a;&a;">]>${root}<text>&b;</text></svg>`],
      ["what is no text", Buffer.from([0x3c, 0x73, 0xff, 0xfe, 0x00])],
      ["what is very large", `${root}${" ".repeat(svgBytes)}<script/></svg>`],
    ])("%s", async (_, bytes) => {
      const { get } = suite();
      const url = await store("/drawn/e.svg", bytes);
      for (const headers of [{}, {}]) {
        const answer = await get(url, headers);
        expect([answer.status, answer.headers["content-type"]]).toEqual([200, "text/plain; charset=utf-8"]);
        expect(answer.headers).toMatchObject({
          "content-security-policy": policy,
          "x-content-type-options": "nosniff",
        });
        expect(answer.body.equals(Buffer.from(bytes))).toBe(true);
        expect((await get(url, { "if-none-match": answer.headers.etag ?? "" })).status).toBe(304);
        expect((await get(`${url}?ik-sanitizeSvg=false`)).headers.etag).not.toBe(answer.headers.etag);
      }
    });
  });

  test("a drawing in UTF-16 comes in UTF-8", async () => {
    const url = await store(
      "/drawn/f.svg",
      Buffer.from(`\ufeff<?xml version="1.0" encoding="UTF-16"?>${stored}`, "utf16le"),
    );
    expect((await suite().get(url)).body.toString()).toBe(clean);
  });

  test("is cleaned once, and not at all where the client has it", async () => {
    const { services, get } = suite();
    const { blobs } = services;
    const url = await store("/drawn/g.svg", stored);
    let opened = 0;
    services.blobs = {
      ...blobs,
      size: () => Promise.resolve(stored.length),
      read: async () => {
        opened += 1;
        return Readable.from([Buffer.from(stored)]);
      },
    };
    try {
      const { etag = "" } = (await get(url)).headers;
      await get(url);
      expect((await get(url, { "if-none-match": etag })).status).toBe(304);
      expect(opened).toBe(1);
    } finally {
      services.blobs = blobs;
    }
  });
});
