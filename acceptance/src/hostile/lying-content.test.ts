import { deflateRawSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deliver, original } from "../harness/deliver.ts";
import { expectStored } from "../harness/expectations.ts";
import { jpeg, mp4, png } from "../harness/samples.ts";
import { type RunningServer, startServer } from "../harness/server.ts";
import { uploadBasic } from "../harness/upload.ts";
import { alarmsOf } from "./support/alarms.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  expect(alarmsOf(server)).toEqual([]);
  await server.stop();
});

const page = "<!doctype html><html><script>fetch('/v1/files').then(alert)</script></html>";
const script = "alert(document.domain)";
const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");
const join = (...pieces: (string | Uint8Array)[]): Buffer =>
  Buffer.concat(pieces.map((piece) => (typeof piece === "string" ? latin1(piece) : piece)));

/** Adds a comment after the start of a JPEG, where most readers skip it. */
const withComment = (picture: Buffer, text: string): Buffer => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length + 2);
  return join(picture.subarray(0, 2), "\xff\xfe", length, text, picture.subarray(2));
};

/** An archive that ends in a picture's last bytes, so that readers of either format find what they look for. */
function archive(name: string, content: string): Buffer {
  const data = deflateRawSync(content);
  const entry = (signature: string, version: string, more: Buffer): Buffer => {
    const sizes = Buffer.alloc(8);
    sizes.writeUInt32LE(data.length);
    sizes.writeUInt32LE(content.length, 4);
    return join(
      signature,
      version,
      "\0\0\x08\0\0\0\0\0\0\0\0\0",
      sizes,
      Buffer.from([name.length, 0, 0, 0]),
      more,
      name,
    );
  };
  const local = join(entry("PK\x03\x04", "\x14\0", Buffer.alloc(0)), data);
  const central = entry("PK\x01\x02\x14\0", "\x14\0", Buffer.alloc(14));
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return join(local, central, end);
}

interface Lie {
  readonly fileName: string;
  readonly bytes: () => Promise<Buffer> | Buffer;
  readonly mime: RegExp;
}

const plain = /^text\/plain; charset=utf-8$/;
const binary = /^application\/octet-stream$/;
const lies: Record<string, Lie> = {
  "a page called a picture": { fileName: "page.jpg", bytes: () => latin1(page), mime: plain },
  "a page without an extension": { fileName: "page", bytes: () => latin1(page), mime: plain },
  "a page with two extensions": { fileName: "page.html.png", bytes: () => latin1(page), mime: plain },
  "a page with a trailing dot": { fileName: "page.html.", bytes: () => latin1(page), mime: plain },
  "a page behind a byte order mark": { fileName: "page.png", bytes: () => latin1(`\xef\xbb\xbf${page}`), mime: plain },
  "a page in UTF-16": { fileName: "page.png", bytes: () => Buffer.from(`\ufeff${page}`, "utf16le"), mime: plain },
  "a page in UTF-7": {
    fileName: "page.txt",
    bytes: () => latin1("+ADw-script+AD4-alert(1)+ADw-/script+AD4-"),
    mime: plain,
  },
  "a page behind the start of a GIF": { fileName: "page.gif", bytes: () => latin1(`GIF89a${page}`), mime: plain },
  "a script that is a GIF": {
    fileName: "script.gif",
    bytes: () => latin1(`GIF89a/*\x01\0\x80\0\0*/=1;${script}//`),
    mime: /^image\/gif$/,
  },
  "a script that begins like a bitmap": { fileName: "script.bmp", bytes: () => latin1(`BM=1;${script}`), mime: plain },
  "a JPEG with a page in its comment": {
    fileName: "picture.html",
    bytes: async () => withComment(await jpeg(), `-->${page}<!--`),
    mime: /^image\/jpeg$/,
  },
  "a JPEG followed by a page": {
    fileName: "picture.html",
    bytes: async () => join(await jpeg(), page),
    mime: /^image\/jpeg$/,
  },
  "a PNG followed by a page": {
    fileName: "picture.htm",
    bytes: async () => join(await png(), page),
    mime: /^image\/png$/,
  },
  "a JPEG followed by an archive": {
    fileName: "picture.jar",
    bytes: async () => join(await jpeg(), archive("Main.class", "x")),
    mime: /^image\/jpeg$/,
  },
  "a PDF with a page in it": {
    fileName: "paper.html",
    bytes: () => latin1(`%PDF-1.7\n${page}\n%%EOF`),
    mime: /^application\/pdf$/,
  },
  "a page with a PDF in it": { fileName: "page.pdf", bytes: () => latin1(`${page}\n%PDF-1.7\n%%EOF`), mime: plain },
  "a PDF behind other bytes": { fileName: "paper.pdf", bytes: () => latin1("\0\0\0\0%PDF-1.7\n%%EOF"), mime: binary },
  "a film that begins as one and goes on as a page": {
    fileName: "film.html",
    bytes: () => join(mp4(), page),
    mime: /^video\/mp4$/,
  },
  "a sound that is a page": {
    fileName: "song.mp3",
    bytes: () => join("ID3\x04\0\0\0\0\0\x0a", page),
    mime: /^(audio|application)\//,
  },
  "a drawing called a picture": {
    fileName: "drawing.png",
    bytes: () => latin1("<svg onload='alert(1)'/>"),
    mime: plain,
  },
  "a page called a drawing": { fileName: "page.svg", bytes: () => latin1(page), mime: plain },
  "a page whose comment holds a drawing": {
    fileName: "page.svg",
    bytes: () => latin1(`<html><!--<svg>-->${page}`),
    mime: plain,
  },
  "a page with a drawing's document type": {
    fileName: "a.svg",
    bytes: () => latin1(`<!DOCTYPE svg>${page}`),
    mime: plain,
  },
  "a program": {
    fileName: "photo.jpg",
    bytes: () => latin1("MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0"),
    mime: /^application\//,
  },
  "a NUL behind a page": { fileName: "page.html", bytes: () => latin1(`${page}\0`), mime: binary },
  "a NUL far behind a page": {
    fileName: "page.html",
    bytes: () => join(page, Buffer.alloc(70_000, 0x20), "\0"),
    mime: binary,
  },
};

describe("content that lies", () => {
  test.each(Object.entries(lies))("%s is served as what its bytes are, and sniffed by nobody", async (_what, lie) => {
    const bytes = await lie.bytes();
    const answer = await uploadBasic(server.url, bytes, { fileName: lie.fileName, useUniqueFileName: "false" });
    expectStored(answer);
    for (const url of [original(answer.body.url), `${original(answer.body.url)}&ik-attachment=true`]) {
      const delivered = await deliver(url, { headers: { accept: "text/html,*/*" } });
      expect(delivered.status).toBe(200);
      expect(delivered.headers["content-type"]).toMatch(lie.mime);
      expect(delivered.headers["x-content-type-options"]).toBe("nosniff");
      expect(delivered.headers["content-encoding"]).toBeUndefined();
      expect(delivered.bytes.equals(bytes)).toBe(true);
    }
    const thumbnail = await deliver(`${answer.body.url}?tr=n-ik_ml_thumbnail`);
    expect(thumbnail.status).toBeLessThan(500);
    expect(thumbnail.headers["x-content-type-options"]).toBe("nosniff");
    if (thumbnail.status === 200) expect(thumbnail.bytes.includes("<script")).toBe(false);
  });
});

/** The markup that is left when a drawing is delivered as an SVG. */
const clean = (content: string): string => `<svg xmlns="http://www.w3.org/2000/svg">${content}</svg>`;

const svg = (content: string, attributes = ""): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${attributes}>${content}</svg>`;

describe("content that runs", () => {
  test.each<[what: string, fileName: string, text: string, mime: string, cleaned?: string]>([
    ["a page", "page.html", page, "text/html"],
    [
      "a page of XHTML",
      "page.xhtml",
      `<html xmlns="http://www.w3.org/1999/xhtml">${page}</html>`,
      "application/xhtml+xml",
    ],
    ["XML with a style sheet", "a.xml", '<?xml-stylesheet href="data:text/xsl,x"?><a/>', "application/xml"],
    ["a style sheet that transforms", "a.xsl", "<xsl:stylesheet/>", "application/xslt+xml"],
    ["a script", "script.js", script, "text/javascript"],
    ["a feed", "feed.rss", "<rss><script/></rss>", "application/rss+xml"],
    ["a paper", "paper.pdf", "%PDF-1.7 /OpenAction << /S /JavaScript >>", "application/pdf"],
    ["a drawing with a script", "a.svg", svg(`<script>${script}</script>`), "image/svg+xml", clean("")],
    ["a drawing with handlers", "a.svg", svg("<a/>", 'onload="alert(1)"'), "image/svg+xml", clean("<a/>")],
    ["a drawing with a page inside", "a.svg", svg("<foreignObject><a/></foreignObject>"), "image/svg+xml", clean("")],
    [
      "a drawing with a link that runs",
      "a.svg",
      svg('<a xlink:href="javascript:alert(1)">x</a>'),
      "image/svg+xml",
      clean("<a>x</a>"),
    ],
    [
      "a drawing that fetches",
      "a.svg",
      svg('<image href="http://127.0.0.1:9/a"/><use href="b.svg#c"/>'),
      "image/svg+xml",
      clean("<image/><use/>"),
    ],
    [
      "a drawing with entities from outside",
      "a.svg",
      `<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY % y SYSTEM "http://127.0.0.1:9/y"> %y;]>${svg("&x;")}`,
      "image/svg+xml",
    ],
    [
      "a drawing with entities that multiply",
      "a.svg",
      `<!DOCTYPE svg [<!ENTITY a "${"x".repeat(50)}"><!ENTITY b "${"&a;".repeat(50)}"><!ENTITY c "${"&b;".repeat(50)}">]>${svg("&c;")}`,
      "image/svg+xml",
    ],
    [
      "a drawing whose filters take minutes",
      "a.svg",
      svg(
        `<filter id="f">${'<feTurbulence numOctaves="9999"/>'.repeat(50)}</filter><rect width="9999" filter="url(#f)"/>`,
      ),
      "image/svg+xml",
      clean(
        `<filter id="f">${'<feTurbulence numOctaves="9999"/>'.repeat(50)}</filter><rect width="9999" filter="url(#f)"/>`,
      ),
    ],
  ])(
    "%s may be kept, and is shut into a sandbox in every way of asking for it",
    async (_what, fileName, text, mime, cleaned) => {
      const answer = await uploadBasic(server.url, text, { fileName });
      expectStored(answer);
      const started = performance.now();
      const stored = { type: mime, text };
      const made = mime !== "image/svg+xml" ? stored : { type: cleaned ? mime : "text/plain", text: cleaned ?? text };
      for (const [query, expected] of [
        ["", made],
        ["?tr=orig-true", stored],
        ["?ik-sanitizeSvg=false", stored],
        ["?ik-attachment=true", made],
        ["?tr=n-ik_ml_thumbnail", made],
        ["?updatedAt=1", made],
      ] as const) {
        for (const method of ["GET", "HEAD"]) {
          const { status, headers, bytes } = await deliver(answer.body.url + query, { method });
          if (status === 404) continue;
          // The paper has no page, so no picture of it can be made.
          if (mime === "application/pdf" && query.includes("thumbnail")) {
            expect(status).toBe(400);
            continue;
          }
          expect(status).toBe(200);
          expect(headers["content-type"]?.split(";")[0]).toBe(expected.type);
          expect(headers["content-security-policy"]).toBe("sandbox; default-src 'none'");
          expect(headers["x-content-type-options"]).toBe("nosniff");
          if (method === "GET") expect(bytes.toString()).toBe(expected.text);
        }
      }
      const { headers } = await deliver(original(answer.body.url), { headers: { range: "bytes=0-4" } });
      expect(headers["content-security-policy"]).toBe("sandbox; default-src 'none'");
      expect(performance.now() - started).toBeLessThan(5_000);
    },
  );

  test("is kept apart even from a cache's 304", async () => {
    const { body } = await uploadBasic(server.url, page, { fileName: "cached.html" });
    const { headers } = await deliver(original(body.url));
    const again = await deliver(original(body.url), { headers: { "if-none-match": String(headers.etag) } });
    expect(again.status).toBe(304);
    expect(again.headers["content-security-policy"]).toBe("sandbox; default-src 'none'");
  });
});
