import sharp from "sharp";
import { type Pixel, quadrants } from "./pictures.ts";

/** The EXIF standard says on which visible sides a stored picture's first row and first column lie. */
const sides = [
  "top left",
  "top right",
  "bottom right",
  "bottom left",
  "left top",
  "right top",
  "right bottom",
  "left bottom",
];

/** The quadrants as a JPEG, stored so that this orientation shows them upright. */
export async function storedWith(orientation: number): Promise<Buffer> {
  const upright = quadrants(60, 40);
  const [row = "", column = ""] = sides[orientation - 1]?.split(" ") ?? [];
  const turned = row === "left" || row === "right";
  const { data, info } = await upright.raw().toBuffer({ resolveWithObject: true });
  const [width, height] = turned ? [info.height, info.width] : [info.width, info.height];
  const stored = Buffer.alloc(data.length);
  for (let index = 0; index < width * height; index += 1) {
    const [r, c] = [Math.floor(index / width), index % width];
    const along = row === "top" || row === "left" ? r : height - 1 - r;
    const across = column === "left" || column === "top" ? c : width - 1 - c;
    const [x, y] = turned ? [along, across] : [across, along];
    data.copy(stored, index * 3, (y * 60 + x) * 3, (y * 60 + x) * 3 + 3);
  }
  return sharp(stored, { raw: { width, height, channels: 3 } })
    .withMetadata({ orientation })
    .jpeg({ quality: 100 })
    .toBuffer();
}

/** A TIFF whose pages have one colour each, in sizes that sharp would make alike. */
export function tiffOf(
  pages: readonly { readonly width: number; readonly height: number; readonly colour: Pixel }[],
): Buffer {
  const header = Buffer.from("II*\0\0\0\0\0", "latin1");
  header.writeUInt32LE(header.length, 4);
  const parts = [header];
  let offset = header.length;
  for (const [index, { width, height, colour }] of pages.entries()) {
    const pixels = Buffer.alloc(width * height * 3, Buffer.from(colour as unknown as number[]));
    const bits = Buffer.from(Uint16Array.of(8, 8, 8).buffer);
    const entries = (at: number) =>
      [
        [256, 3, 1, width],
        [257, 3, 1, height],
        [258, 3, 3, at],
        [259, 3, 1, 1],
        [262, 3, 1, 2],
        [273, 4, 1, at + bits.length],
        [277, 3, 1, 3],
        [278, 3, 1, height],
        [279, 4, 1, pixels.length],
      ] as const;
    const directory = Buffer.alloc(2 + entries(0).length * 12 + 4);
    const written = entries(offset + directory.length);
    directory.writeUInt16LE(written.length);
    for (const [row, [tag, type, count, value]] of written.entries()) {
      directory.writeUInt16LE(tag, 2 + row * 12);
      directory.writeUInt16LE(type, 4 + row * 12);
      directory.writeUInt32LE(count, 6 + row * 12);
      directory.writeUInt32LE(value, 10 + row * 12);
    }
    offset += directory.length + bits.length + pixels.length;
    if (index < pages.length - 1) directory.writeUInt32LE(offset, directory.length - 4);
    parts.push(directory, bits, pixels);
  }
  return Buffer.concat(parts);
}
