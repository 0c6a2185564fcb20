import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type ByteSource, bufferSource } from "../byte-source.ts";
import { maxXmpBytes } from "../formats/found-metadata.ts";
import { findBlocks, probeImage } from "../inspect/probe-image.ts";
import { readHeader } from "../testing/read-header.ts";
import { embeddedMetadata } from "./embedded-metadata.ts";
import { iptcEntries } from "./iptc-entries.ts";
import { readTags } from "./read-tags.ts";
import { xmpEntries } from "./xmp-entries.ts";

/**
 * CPU milliseconds of this process. Unlike elapsed time, they don't grow with what else runs. The limit is far more
 * than any of the work takes.
 */
const maxCpuMs = 1000;

async function expectCheap(work: () => unknown): Promise<void> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(maxCpuMs);
}

test("of a PNG's density no more is read than its nine bytes, however long its chunk says it is", async () => {
  const chunk = Buffer.from("ffffffff7048597300002e2300002e2301", "hex");
  const file = Buffer.concat([Buffer.alloc(8), chunk, Buffer.alloc(1000)]);
  const lengths: number[] = [];
  const source: ByteSource = {
    size: 2 ** 33,
    atHand: () => undefined,
    read: async (offset, length) => {
      lengths.push(length);
      return file.subarray(offset, offset + length);
    },
  };
  expect((await findBlocks(source, "image/png")).density).toBe(300);
  expect(Math.max(...lengths)).toBe(9);
});

const rdf = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"';

/** An XMP document as long as one may be, filled with pieces that are made from their index. */
function filled(piece: (index: number) => string, [before, after] = [">", ""]): string {
  const pieces: string[] = [];
  let length = 0;
  for (let index = 0; length < maxXmpBytes - 300; index += 1)
    length += pieces[pieces.push(piece(index)) - 1]?.length ?? 0;
  return `<rdf:RDF ${rdf} xmlns:p="p"><rdf:Description${before}${pieces.join("")}${after}</rdf:Description></rdf:RDF>`;
}

const list = ["><p:a><rdf:Bag>", "</rdf:Bag></p:a>"] as [string, string];

describe("XMP takes time by its length alone", () => {
  test.each([
    ["attributes", filled((index) => ` p:a${index}="${index}"`, ["", ">"])],
    ["namespaces", filled((index) => ` xmlns:a${index}="u${index}"`, ["", ">"])],
    ["nesting", filled(() => "<p:a>")],
    ["elements", filled((index) => `<p:a${index} xmlns:q="x"/>`)],
    ["items", filled(() => "<rdf:li>x</rdf:li>", list)],
    ["structures", filled(() => `<rdf:li><rdf:Description p:b="1"/></rdf:li>`, list)],
    ["comments", filled(() => "<!-- -->")],
    ["characters by name", filled(() => "&amp;", ["><p:a>", "</p:a>"])],
    ["open tags", "<".repeat(maxXmpBytes)],
    ["digits", filled(() => "1", ["><p:a>", "</p:a>"])],
  ])("%s", async (_, document) => {
    await expectCheap(() => xmpEntries(document));
  });

  test("entities that a document defines are not expanded", () => {
    const doctype = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>';
    const described = `<rdf:Description xmlns:p="p" p:before="1"><p:c>2</p:c><p:d>&b;</p:d></rdf:Description>`;
    const entries = xmpEntries(`${doctype}<rdf:RDF ${rdf}>${described}</rdf:RDF>`);
    expect(JSON.stringify(entries)).not.toContain("aaaa");
  });
});

describe("EXIF", () => {
  /** A directory with as many entries as there can be, each with the same long text. */
  function crowded(next: number): Buffer {
    const entries = Buffer.alloc(2 + 65_535 * 12 + 4);
    entries.writeUInt16LE(65_535);
    for (let index = 0; index < 65_535; index += 1) {
      const at = 2 + index * 12;
      entries.writeUInt16LE(0x0100 + (index % 4096), at);
      entries.writeUInt16LE(2, at + 2);
      entries.writeUInt32LE(8000, at + 4);
      entries.writeUInt32LE(100, at + 8);
    }
    entries.writeUInt32LE(next, entries.length - 4);
    return Buffer.concat([Buffer.from("II*\0\x08\0\0\0", "latin1"), entries]);
  }

  test("is read within bounds on its entries and bytes", async () => {
    await expectCheap(async () => {
      const groups = await readTags(bufferSource(crowded(8)));
      const texts = [...(groups?.image.values() ?? []), ...(groups?.thumbnail.values() ?? [])];
      expect(texts.reduce((sum: number, text) => sum + String(text).length, 0)).toBeLessThanOrEqual(64 * 1024);
    });
  });

  test("of numbers that are too large to be rounded has none of them", async () => {
    const double = Buffer.alloc(34);
    double.write("II*\0\x08\0\0\0\x01\0\x1a\x01\x0c\0\x01\0\0\0\x1a\0\0\0", "latin1");
    for (const [value, expected] of [
      [72, '{"XResolution":72}'],
      [1e305, undefined],
    ] as const) {
      double.writeDoubleLE(value, 26);
      expect(await embeddedMetadata({ exif: bufferSource(double) })).toBe(expected);
    }
  });

  test("whose directories are each other is read once", async () => {
    const circle = Buffer.alloc(64);
    circle.write("II*\0\x08\0\0\0", "latin1");
    circle.writeUInt16LE(1, 8);
    for (const [value, offset] of [
      [0x8769, 10],
      [4, 12],
    ] as const)
      circle.writeUInt16LE(value, offset);
    circle.writeUInt32LE(1, 14);
    circle.writeUInt32LE(8, 18);
    circle.writeUInt32LE(8, 22);
    expect(await embeddedMetadata({ exif: bufferSource(circle) })).toBeUndefined();
  });
});

test("texts of spaces that aren't at their end", async () => {
  const text = Buffer.alloc(0x7fff, " ");
  text.write("x", text.length - 1);
  const dataset = Buffer.concat([Buffer.from([0x1c, 2, 25, 0x7f, 0xff]), text]);
  await expectCheap(() => iptcEntries(Buffer.concat(Array(7).fill(dataset))));
});

test("IPTC of datasets without end", async () => {
  const datasets = Buffer.alloc(250_000, Buffer.from([0x1c, 2, 25, 0, 0]));
  await expectCheap(() => iptcEntries(datasets));
});

describe("blocks that come again and again are read once", () => {
  const size = 1024 * 1024;
  const pngChunk = (type: string, content: Buffer): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(content.length);
    head.write(type, 4, "latin1");
    return Buffer.concat([head, content, Buffer.alloc(4)]);
  };
  const segment = (marker: number, content: Buffer): Buffer => {
    const head = Buffer.from([0xff, marker, 0, 0]);
    head.writeUInt16BE(content.length + 2, 2);
    return Buffer.concat([head, content]);
  };
  const webpChunk = (type: string, content: Buffer): Buffer => {
    const head = Buffer.from(`${type}\0\0\0\0`, "latin1");
    head.writeUInt32LE(content.length, 4);
    return Buffer.concat([head, content]);
  };
  /** 4096 entries, none of them an orientation. */
  const tiff = Buffer.alloc(8 + 2 + 4096 * 12);
  tiff.write("II*\0\x08\0\0\0\0\x10", "latin1");
  const exif = Buffer.concat([Buffer.from("Exif\0\0"), tiff]);
  const keyword = Buffer.from("XML:com.adobe.xmp\0\0");
  const bomb = Buffer.concat([keyword, deflateSync(Buffer.alloc(1024 * 1024))]);
  const resources = Buffer.concat([
    Buffer.from("Photoshop 3.0\0"),
    Buffer.alloc(2000 * 12, Buffer.from("8BIM\x04\x05\0\0\0\0\0\0", "latin1")),
  ]);
  const png = Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\0\0\0\0", "latin1");
  const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8]), segment(0xc0, Buffer.from([8, 0, 1, 0, 1, 1, 1, 0x11, 0]))]);
  const webp = Buffer.from("RIFF\xff\xff\xff\0WEBPVP8X\x0a\0\0\0\x08\0\0\0\0\0\0\0\0\0", "latin1");

  test.each<[string, string, Buffer, Buffer]>([
    ["EXIF in a JPEG", "image/jpeg", jpeg, segment(0xe1, exif)],
    ["Photoshop's resources in a JPEG", "image/jpeg", jpeg, segment(0xed, resources)],
    ["EXIF in a PNG", "image/png", png, pngChunk("eXIf", tiff)],
    ["XMP in a PNG that is far more than it looks", "image/png", png, pngChunk("zTXt", bomb)],
    ["EXIF in a WebP", "image/webp", webp, webpChunk("EXIF", tiff)],
  ])("%s", async (_, mime, start, part) => {
    const bytes = Buffer.concat([start, Buffer.alloc(size - (size % part.length), part)]);
    let blocks = 0;
    const source = {
      ...bufferSource(bytes),
      whole: Buffer.alloc(0),
      head: async () => bytes,
      close: async () => {},
      atHand(offset: number, length: number) {
        if (length > 500) blocks += 1;
        return bytes.subarray(offset, offset + length);
      },
    };
    await probeImage(source, mime, readHeader);
    expect(blocks).toBe(1);
  });
});
