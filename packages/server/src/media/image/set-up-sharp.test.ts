import sharp from "sharp";
import { expect, test } from "vitest";
import { setUpSharp } from "./set-up-sharp.ts";
import { insert, segment } from "./strip/testing/secrets.ts";

const picture = (colour: string) =>
  sharp({ create: { width: 64, height: 64, channels: 3, background: colour } })
    .jpeg()
    .toBuffer();

const xmp = (attributes: string) =>
  segment(
    0xe1,
    `http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"${attributes}/></rdf:RDF></x:xmpmeta>`,
  );

/** The segment that says where both pictures begin, and how long they are. */
function index(first: number, second: number, offset: number): Buffer {
  const bytes = Buffer.alloc(4 + 8 + 2 + 3 * 12 + 4 + 32);
  bytes.write(
    "MPF\0MM\0*\0\0\0\x08\0\x03\xb0\0\0\x07\0\0\0\x040100\xb0\x01\0\x04\0\0\0\x01\0\0\0\x02\xb0\x02\0\x07\0\0\0\x20\0\0\0\x32",
    "latin1",
  );
  bytes.writeUInt32BE(0x03_0000, 54);
  bytes.writeUInt32BE(first, 58);
  bytes.writeUInt32BE(second, 74);
  bytes.writeUInt32BE(offset, 78);
  return segment(0xe2, bytes);
}

/** A JPEG of a phone, with a second picture that tells how much brighter each pixel may be. */
async function phonePicture(): Promise<Buffer> {
  const range =
    ' hdrgm:GainMapMin="0" hdrgm:GainMapMax="2" hdrgm:Gamma="1" hdrgm:OffsetSDR="0.01" hdrgm:OffsetHDR="0.01"';
  const capacity = ' hdrgm:HDRCapacityMin="0" hdrgm:HDRCapacityMax="2" hdrgm:BaseRenditionIsHDR="False"';
  const second = insert(await picture("#888"), 2, xmp(range + capacity));
  const colours = await picture("#c33");
  const make = (length: number, offset: number) => insert(colours, 2, xmp(""), index(length, second.length, offset));
  const { length } = make(0, 0);
  const places = make(0, 0).indexOf("MPF\0") + 4;
  return Buffer.concat([make(length, length - places), second]);
}

test("of a phone's JPEG with a brighter version, only the first picture is looked at", async () => {
  const bytes = await phonePicture();
  sharp.unblock({ operation: ["VipsForeignLoadUhdr"] });
  expect((await sharp(bytes).metadata()).gainMap).toBeDefined();
  setUpSharp();
  const { gainMap, width, format } = await sharp(bytes).metadata();
  expect({ gainMap, width, format }).toEqual({ gainMap: undefined, width: 64, format: "jpeg" });
  expect((await sharp(bytes).raw().toBuffer()).length).toBe(64 * 64 * 3);
});
