/** An item of a HEIF file. */
export interface Item {
  readonly id: number;
  readonly type: string;
  readonly data: Buffer;
  /** The beginning from which the item's offset counts, as `iloc` states it: the file's, or that of `idat`. */
  readonly origin?: 0 | 1;
  /** The pieces in which the data lies. */
  readonly pieces?: number;
  readonly refersTo?: { readonly kind: string; readonly items: readonly number[] };
  /** The numbers of its properties, from 1. */
  readonly properties?: readonly number[];
}

export interface Heif {
  readonly items: readonly Item[];
  readonly primary: number;
  readonly properties: readonly Buffer[];
  /** Whether references and associations name items by four bytes, and properties by two. */
  readonly isWide?: boolean;
}

const half = (value: number): number[] => [value >>> 8, value & 255];
const word = (value: number): number[] => [...half(value >>> 16), ...half(value & 0xffff)];

export function heifBox(type: string, ...parts: readonly (readonly number[] | Buffer | string)[]): Buffer {
  const content = Buffer.concat([
    Buffer.from(type, "latin1"),
    ...parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.from(part as Buffer))),
  ]);
  return Buffer.concat([Buffer.from(word(content.length + 4)), content]);
}

/** Writes a file of items. */
export function avifOf({ items, primary, properties, isWide = false }: Heif): Buffer {
  const head = heifBox("ftyp", "avif\0\0\0\0avifmif1");
  const idOf = isWide ? word : half;
  const propertyOf = isWide ? half : (property: number) => [property];
  const inBox = Buffer.concat(items.filter(({ origin }) => origin === 1).map(({ data }) => data));
  const make = (start: number): Buffer => {
    const offsets = [start, 0];
    const places = items.map(({ id, data, origin = 0, pieces = 1 }) => {
      const offset = offsets[origin] ?? 0;
      offsets[origin] = offset + data.length;
      const length = data.length / pieces;
      const extents = Array.from({ length: pieces }, (_, piece) => [...word(offset + piece * length), ...word(length)]);
      return [...half(id), 0, origin, 0, 0, ...half(pieces), ...extents.flat()];
    });
    const described = items.map(({ id, type }) => heifBox("infe", [2, 0, 0, 0, ...half(id), 0, 0], `${type}\0`));
    const references = items.flatMap(({ id, refersTo }) =>
      refersTo === undefined
        ? []
        : [heifBox(refersTo.kind, [...idOf(id), ...half(refersTo.items.length), ...refersTo.items.flatMap(idOf)])],
    );
    const associated = items.flatMap(({ id, properties: own = [] }) =>
      own.length === 0 ? [] : [[...idOf(id), own.length, ...own.flatMap(propertyOf)]],
    );
    return heifBox(
      "meta",
      word(0),
      heifBox("hdlr", word(0), word(0), "pict", word(0), word(0), word(0), [0]),
      heifBox("pitm", word(0), half(primary)),
      heifBox("iloc", [1, 0, 0, 0, 0x44, 0], half(items.length), places.flat()),
      heifBox("iinf", word(0), half(items.length), ...described),
      heifBox("iref", [isWide ? 1 : 0, 0, 0, 0], ...references),
      heifBox(
        "iprp",
        heifBox("ipco", ...properties),
        heifBox("ipma", isWide ? [1, 0, 0, 1] : word(0), word(associated.length), associated.flat()),
      ),
      heifBox("idat", inBox),
    );
  };
  const data = items.filter(({ origin }) => origin !== 1).map((item) => item.data);
  return Buffer.concat([head, make(head.length + make(0).length + 8), heifBox("mdat", ...data)]);
}

/** The property of a picture that states its size. */
export function sizeProperty(width: number, height: number): Buffer {
  return heifBox("ispe", word(0), word(width), word(height));
}

/** A picture that a grid puts together of as many tiles, each of the same item. */
export function gridItem(id: number, tile: number, tiles: number, width: number, height: number): Item {
  const data = Buffer.from([0, 0, 0, tiles - 1, ...half(width), ...half(height)]);
  return { id, type: "grid", data, refersTo: { kind: "dimg", items: Array<number>(tiles).fill(tile) } };
}

/** Takes the picture and its properties from an AVIF of one item, so that they may be put into another file. */
export function pictureIn(avif: Buffer): { readonly data: Buffer; readonly properties: readonly Buffer[] } {
  const boxOf = (type: string): Buffer => {
    const start = avif.indexOf(type, 0, "latin1") - 4;
    return avif.subarray(start, start + avif.readUInt32BE(start));
  };
  return { data: boxOf("mdat").subarray(8), properties: [boxOf("av1C"), boxOf("ispe"), boxOf("pixi")] };
}
