import sharp, { type Sharp } from "sharp";

/** Small files of many kinds, made for the tests. */

const blue = { r: 42, g: 127, b: 158 };

export function jpeg(width = 6, height = 4): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: blue } })
    .jpeg()
    .toBuffer();
}

export function png(width = 6, height = 4, { alpha = false } = {}): Promise<Buffer> {
  const background = alpha ? { ...blue, alpha: 0.5 } : blue;
  return sharp({ create: { width, height, channels: alpha ? 4 : 3, background } })
    .png()
    .toBuffer();
}

/** A picture in this format. With `alpha`, it is half transparent and so needs its alpha channel. */
export function encoded(format: "webp" | "avif" | "tiff", alpha: boolean): Promise<Buffer> {
  const background = alpha ? { ...blue, alpha: 0.5 } : blue;
  return sharp({ create: { width: 6, height: 4, channels: alpha ? 4 : 3, background } })
    .toFormat(format)
    .toBuffer();
}

/** A picture whose graphic control block says whether one of its colours is transparent. */
export async function gif(alpha: boolean): Promise<Buffer> {
  const bytes = await sharp({ create: { width: 6, height: 4, channels: 3, background: blue } })
    .gif()
    .toBuffer();
  const flags = bytes.indexOf(Buffer.from([0x21, 0xf9, 0x04])) + 3;
  bytes.writeUInt8(alpha ? bytes.readUInt8(flags) | 1 : bytes.readUInt8(flags) & ~1, flags);
  return bytes;
}

/**
 * A blue photograph with a red top left corner. It measures 60 by 40 pixels when displayed upright, and is stored as a
 * camera held at this orientation would store it.
 * @param orientation the EXIF orientation, 1 to 8
 */
export async function photograph(orientation: number): Promise<Buffer> {
  const corner = await sharp({ create: { width: 30, height: 20, channels: 3, background: { r: 220, g: 0, b: 0 } } })
    .png()
    .toBuffer();
  const upright = await sharp({ create: { width: 60, height: 40, channels: 3, background: { r: 0, g: 0, b: 220 } } })
    .composite([{ input: corner, left: 0, top: 0 }])
    .png()
    .toBuffer();
  return stored(sharp(upright), orientation).withMetadata({ orientation }).jpeg({ quality: 95 }).toBuffer();
}

/** Undoes what a viewer does for the orientation. Sharp flips before it rotates. */
function stored(upright: Sharp, orientation: number): Sharp {
  switch (orientation) {
    case 2:
      return upright.flop();
    case 3:
      return upright.rotate(180);
    case 4:
      return upright.flip();
    case 5:
      return upright.flip().rotate(90);
    case 6:
      return upright.rotate(270);
    case 7:
      return upright.flip().rotate(270);
    case 8:
      return upright.rotate(90);
    default:
      return upright;
  }
}

/** An animation of three frames of 8 by 5 pixels. */
export async function animation(format: "gif" | "webp"): Promise<Buffer> {
  const frames = ["#ff0000", "#00ff00", "#0000ff"].map((background) =>
    sharp({ create: { width: 8, height: 5, channels: 3, background } })
      .png()
      .toBuffer(),
  );
  return sharp(await Promise.all(frames), { join: { animated: true } })
    .toFormat(format)
    .toBuffer();
}

/** An ISO media file that declares its type and holds no media: `ftyp`, then `mdat`, padded to `size` bytes in all. */
export function mp4(size = 64): Buffer {
  const head = Buffer.concat([box("ftyp", Buffer.from("isom\0\0\x02\0isomiso2avc1mp41", "latin1")), box("free")]);
  return Buffer.concat([head, box("mdat", Buffer.alloc(size - head.length - 8))]);
}

function box(type: string, content: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + content.length);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, content]);
}

/** An EBML header with the document type `webm`, then an empty segment. */
export function webm(): Buffer {
  const docType = Buffer.concat([Buffer.from([0x42, 0x82, 0x84]), Buffer.from("webm", "latin1")]);
  const version = Buffer.from([0x42, 0x86, 0x81, 0x01]);
  const content = Buffer.concat([version, docType]);
  const ebml = Buffer.concat([Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 0x80 | content.length]), content]);
  return Buffer.concat([ebml, Buffer.from([0x18, 0x53, 0x80, 0x67, 0x80])]);
}

export const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><circle r="5"/></svg>';

/**
 * A PDF with empty pages of these sizes, in points; undefined is a page that is missing. It lacks the table of objects, as
 * many do that programs write.
 */
export function pdf(...pages: readonly (readonly [width: number, height: number] | undefined)[]): string {
  const kids = pages.map((_, index) => `${index + 3} 0 R`).join(" ");
  const objects = pages.flatMap((size, index) =>
    size === undefined
      ? []
      : [`${index + 3} 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 ${size.join(" ")}] >> endobj`],
  );
  return [
    "%PDF-1.4",
    "1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj",
    `2 0 obj << /Type /Pages /Count ${pages.length} /Kids [${kids}] >> endobj`,
    ...objects,
    "trailer << /Root 1 0 R >>",
    "%%EOF",
    "",
  ].join("\n");
}
