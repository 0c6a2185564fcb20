import fc from "fast-check";
import sharp from "sharp";
import { expect, test } from "vitest";
import { sniffLength, sniffType } from "./sniff.ts";

const picture = sharp({ create: { width: 20, height: 10, channels: 3, background: "#c33" } });
const padded = (text: string): Buffer => Buffer.concat([Buffer.from(text, "latin1"), Buffer.alloc(sniffLength)]);

test.each([
  ["image/jpeg", () => picture.clone().jpeg().toBuffer()],
  ["image/png", () => picture.clone().png().toBuffer()],
  ["image/webp", () => picture.clone().webp().toBuffer()],
  ["image/gif", () => picture.clone().gif().toBuffer()],
  ["image/tiff", () => picture.clone().tiff().toBuffer()],
  ["image/avif", () => picture.clone().avif().toBuffer()],
])("%s is an image, also from few bytes", async (mime, make) => {
  const bytes = await make();
  for (const length of [bytes.length, 64, 16]) {
    expect(await sniffType(bytes.subarray(0, length)), `${length} bytes`).toEqual({ mime, kind: "picture" });
  }
});

test.each([
  ["video/mp4", "\0\0\0\x18ftypisom\0\0\x02\0isomiso2"],
  ["video/quicktime", "\0\0\0\x14ftypqt  \0\0\x02\0qt  "],
  [
    "video/webm",
    "\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webmB\x87\x81\x04B\x85\x81\x02",
  ],
  ["video/vnd.avi", "RIFF\0\x10\0\0AVI LIST"],
  ["video/mpeg", "\0\0\x01\xba\x44\0\x04\0\x04\x01"],
])("%s counts as a video", async (mime, magic) => {
  expect(await sniffType(padded(magic))).toEqual({ mime, kind: "video" });
});

test.each([
  ["audio/mpeg", "audio", "ID3\x04\0\0\0\x7f\x7f\x7f"],
  ["application/pdf", "document", "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"],
  ["application/zip", "other", "PK\x03\x04\x14\0\0\0\0\0"],
  ["application/octet-stream", "other", "\x01\x02\x03\x04"],
])("%s is of kind %s", async (mime, kind, magic) => {
  expect(await sniffType(padded(magic))).toEqual({ mime, kind });
});

test("an animated PNG is image/png, as browsers and checks call it", async () => {
  const png = await picture.clone().png().toBuffer();
  const control = Buffer.from("\0\0\0\x08acTL\0\0\0\x02\0\0\0\0\0\0\0\0", "latin1");
  const animated = Buffer.concat([png.subarray(0, 33), control, png.subarray(33)]);
  expect(await sniffType(animated)).toEqual({ mime: "image/png", kind: "picture" });
});

test.each([
  "BMW is a car",
  "MZ, a letter",
  "ID3 tags explained",
  "BZh",
  "GIF89a=1;/* code */",
  "abcdftypisom",
  "<?xml ?><svg/>",
  "%!PS",
])("a text that begins with a magic number's letters is a text: %s", async (text) => {
  expect(await sniffType(Buffer.from(text))).toEqual({ mime: "text/plain", kind: "other" });
});

test("a PDF of letters alone is a PDF", async () => {
  expect(await sniffType(Buffer.from("%PDF-1.4\n1 0 obj\nendobj\n"))).toEqual({
    mime: "application/pdf",
    kind: "document",
  });
});

test("a binary file that begins like XML gets no type that browsers run", async () => {
  for (const beginning of ["<?xml version='1.0'?><svg>", "BEGIN:VCARD", "WEBVTT\n"]) {
    expect(await sniffType(padded(beginning))).toEqual({ mime: "application/octet-stream", kind: "other" });
  }
});

test("nothing is unknown", async () => {
  expect(await sniffType(new Uint8Array())).toEqual({ mime: "application/octet-stream", kind: "other" });
});

test("whatever the bytes, there is an answer", async () => {
  const magics = [
    "\xff\xd8\xff",
    "\x89PNG\r\n\x1a\n",
    "GIF89a",
    "RIFF....WEBP",
    "II*\0",
    "MM\0*",
    "PK\x03\x04",
    "ID3",
    "\x1aE\xdf\xa3",
    "\0\0\0 ftyp",
    "OggS",
    "\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9",
    "\x1f\x8b\x08",
    "ustar",
    "\xff\xfe",
    "%PDF-",
    "<?xml",
  ];
  const head = fc
    .tuple(fc.constantFrom("", ...magics), fc.uint8Array({ maxLength: 600 }))
    .map(([magic, rest]) => Buffer.concat([Buffer.from(magic, "latin1"), rest]));
  await fc.assert(
    fc.asyncProperty(head, async (bytes) => {
      const { mime, kind } = await sniffType(bytes);
      expect(mime).toMatch(/^[a-z0-9.+-]+\/[a-z0-9.+-]+$/);
      expect(["picture", "video", "audio", "document", "other"]).toContain(kind);
    }),
    { numRuns: 500 },
  );
});
