import { promisify } from "node:util";
import { crc32, deflate } from "node:zlib";
import type { Metadata } from "sharp";
import { uprightExif } from "../../formats/exif.ts";
import { type Frames, frameImage } from "../pixels/frames.ts";
import type { Work } from "../pixels/work.ts";

const compress = promisify(deflate);

/** The metadata that a picture brought along besides its pixels. */
export type Kept = Pick<Metadata, "icc" | "exif" | "xmp">;

/**
 * Joins pixels and their source's metadata in an uncompressed PNG, because sharp takes metadata from files alone. The
 * PNG's colours are read as those of the profile, and the PNG is upright.
 */
export async function carryMetadata(
  frames: Frames,
  { icc, exif, xmp }: Kept,
  work: Pick<Work, "bound">,
): Promise<Buffer> {
  const png = await work.bound(frameImage(frames, 0)).png({ compressionLevel: 0 }).toBuffer();
  // PNG requires a compressed profile, even if the compression does little. It runs off this thread, since a file may
  // bring megabytes.
  const profile = icc && (await compress(icc, { level: 0 }));
  const chunks = [
    ...(profile === undefined ? [] : [chunk("iCCP", Buffer.concat([Buffer.from("icc\0\0"), profile]))]),
    ...(exif === undefined ? [] : [chunk("eXIf", uprightExif(exif))]),
    ...(xmp === undefined ? [] : [chunk("iTXt", Buffer.concat([Buffer.from("XML:com.adobe.xmp\0\0\0\0\0"), xmp]))]),
  ];
  return Buffer.concat([png.subarray(0, headerLength), ...chunks, png.subarray(headerLength)]);
}

/** The length of the signature and IHDR. The profile has to follow them. */
const headerLength = 8 + 25;

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(4 + body.length + 4);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), 4 + body.length);
  return framed;
}
