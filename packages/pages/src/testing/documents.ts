/** Makes PDF and Photoshop files for tests, as small as they can be. */

export interface PdfPage {
  /** The operators that draw the page. The origin is its lower left corner. */
  readonly content: string;
  /** The corners of the page in points. */
  readonly box?: readonly (number | string)[];
  /** The other entries of the page. */
  readonly entries?: string;
}

/** A PDF of these pages, in their order. */
export function pdfOf(pages: readonly PdfPage[]): Buffer {
  const first = 3;
  const kids = pages.map((_, index) => `${first + 2 * index} 0 R`);
  return pdfWith([
    catalog,
    `<< /Type /Pages /Count ${pages.length} /Kids [${kids.join(" ")}] >>`,
    ...pages.flatMap(({ content, box = [0, 0, 300, 200], entries = "/Resources << >>" }, index) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [${box.join(" ")}] /Contents ${first + 2 * index + 1} 0 R ${entries} >>`,
      streamOf(content),
    ]),
  ]);
}

/** The first object of each PDF here. The second one holds the pages. */
export const catalog = "<< /Type /Catalog /Pages 2 0 R >>";

/** @param entries further entries of the stream's dictionary */
export function streamOf(content: string, entries = ""): string {
  return `<< /Length ${content.length} ${entries} >>\nstream\n${content}\nendstream`;
}

/**
 * A PDF of these objects, which are numbered from 1. One character is one byte.
 * @param trailer further entries of the trailer
 */
export function pdfWith(objects: readonly string[], trailer = ""): Buffer {
  const parts = ["%PDF-1.7\n"];
  const offsets: number[] = [];
  let length = parts.join("").length;
  for (const [index, object] of objects.entries()) {
    const part = `${index + 1} 0 obj\n${object}\nendobj\n`;
    offsets.push(length);
    parts.push(part);
    length += part.length;
  }
  const rows = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`);
  parts.push(
    `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows.join("")}`,
    `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${length}\n%%EOF\n`,
  );
  return Buffer.from(parts.join(""), "latin1");
}

/** Fills a part of a page with a colour. */
export function fill(
  [red, green, blue]: readonly (number | undefined)[],
  [left, bottom, width, height]: readonly number[],
): string {
  const shares = [red, green, blue].map((value) => ((value ?? 0) / 255).toFixed(4));
  return `${shares.join(" ")} rg ${left} ${bottom} ${width} ${height} re f\n`;
}

/** A page that takes far longer to draw than anybody waits. */
export const endlessPage: PdfPage = { content: "0 0 300 200 re f ".repeat(300_000) };

export interface PsdPicture {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 2 indexed, 3 RGB, 4 CMYK; 0 a bit for each pixel. */
  readonly mode: number;
  readonly depth?: number;
  /** The rows of each channel, one channel after the other, as they are stored. */
  readonly rows: readonly Uint8Array[];
  readonly packs?: boolean;
  readonly palette?: Uint8Array;
  /** Image resources by their ids. */
  readonly resources?: Readonly<Record<number, Uint8Array>>;
  /** The layers, or their number alone, negative where a channel of its own holds the transparency. */
  readonly layers?: readonly PsdLayerPicture[] | number;
}

export interface PsdLayerPicture {
  /** The left, top, right and bottom edge. */
  readonly edges: readonly [number, number, number, number];
  /** The rows of each channel by its number. */
  readonly channels: Readonly<Record<number, readonly Uint8Array[]>>;
  readonly name?: string;
}

export function psdOf(picture: PsdPicture): Buffer {
  const { width, height, mode, depth = 8, rows, packs = false, palette = new Uint8Array(), layers } = picture;
  const header = Buffer.alloc(26);
  header.write("8BPS");
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(rows.length / height, 12);
  header.writeUInt32BE(height, 14);
  header.writeUInt32BE(width, 18);
  header.writeUInt16BE(depth, 22);
  header.writeUInt16BE(mode, 24);
  const resources = Object.entries(picture.resources ?? {}).map(([id, data]) => resourceOf(Number(id), data));
  const layerSection = typeof layers === "object" ? sized(layersOf(layers)) : bareLayers(layers);
  const packed = packs ? rows.map(packRow) : rows;
  const lengths = packs ? packed.map(({ length }) => Buffer.from([length >> 8, length & 255])) : [];
  return Buffer.concat([
    header,
    sized(palette),
    sized(Buffer.concat(resources)),
    sized(layerSection),
    Buffer.from([0, packs ? 1 : 0]),
    ...lengths,
    ...packed,
  ]);
}

function bareLayers(number: number | undefined): Uint8Array {
  if (number === undefined) return new Uint8Array();
  const count = Buffer.alloc(2);
  count.writeInt16BE(number);
  return sized(count);
}

function layersOf(layers: readonly PsdLayerPicture[]): Buffer {
  const records: Buffer[] = [];
  const pixels: Buffer[] = [];
  for (const { edges, channels, name } of layers) {
    const [left, top, right, bottom] = edges;
    const packed = Object.entries(channels).map(([id, rows]) => [Number(id), packRows(rows)] as const);
    const record = Buffer.alloc(18 + 6 * packed.length + 12);
    for (const [index, edge] of [top, left, bottom, right].entries()) record.writeInt32BE(edge, 4 * index);
    record.writeUInt16BE(packed.length, 16);
    for (const [index, [id, data]] of packed.entries()) {
      record.writeInt16BE(id, 18 + 6 * index);
      record.writeUInt32BE(data.length, 20 + 6 * index);
    }
    record.write("8BIMnorm", 18 + 6 * packed.length);
    records.push(record, sized(name === undefined ? Buffer.from("whatever else is known") : named(name)));
    pixels.push(...packed.map(([, data]) => data));
  }
  const count = Buffer.alloc(2);
  count.writeInt16BE(layers.length);
  return Buffer.concat([count, ...records, ...pixels]);
}

/** No mask, no ranges, a short name that says nothing, another block, and the name in Unicode. */
function named(name: string): Buffer {
  const text = Buffer.alloc(4 + 2 * name.length);
  text.writeUInt32BE(name.length);
  text.set(Buffer.from(name, "utf16le").swap16(), 4);
  const blocks = [Buffer.from("8BIMlyid"), sized(Buffer.alloc(4)), Buffer.from("8BIMluni"), sized(text)];
  return Buffer.concat([Buffer.alloc(8), Buffer.from("\u0003old"), ...blocks]);
}

function packRows(rows: readonly Uint8Array[]): Buffer {
  const packed = rows.map(packRow);
  const lengths = packed.map(({ length }) => Buffer.from([length >> 8, length & 255]));
  return Buffer.concat([Buffer.from([0, 1]), ...lengths, ...packed]);
}

function sized(data: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, data]);
}

function resourceOf(id: number, data: Uint8Array): Buffer {
  const header = Buffer.from("8BIM\0\0\0\0");
  header.writeUInt16BE(id, 4);
  return Buffer.concat([header, sized(data), Buffer.alloc(data.length % 2)]);
}

/** Packs a row: runs of equal bytes as runs, and every other byte as it is. */
function packRow(row: Uint8Array): Buffer {
  const packed: number[] = [];
  for (let at = 0; at < row.length; ) {
    let end = at + 1;
    while (end < row.length && row[end] === row[at] && end - at < 128) end += 1;
    packed.push(end - at === 1 ? 0 : 257 - (end - at), row[at] ?? 0);
    at = end;
  }
  return Buffer.from(packed);
}
