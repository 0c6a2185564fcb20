const text = (letters: string): Buffer => Buffer.from(letters, "latin1");

function numbers(size: 1 | 2 | 4, ...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(size * values.length);
  for (const [index, value] of values.entries()) bytes.writeUIntBE(value, size * index, size);
  return bytes;
}

const half = (...values: readonly number[]) => numbers(2, ...values);
const word = (...values: readonly number[]) => numbers(4, ...values);

type Tag = readonly [signature: string, content: Buffer];

/** A colour profile of the three primaries of sRGB, and of other tags. */
export function profileOf(...others: readonly Tag[]): Buffer {
  const colour = (x: number, y: number, z: number) =>
    Buffer.concat([text("XYZ \0\0\0\0"), word(...[x, y, z].map((value) => Math.round(value * 65_536)))]);
  const linear = text("curv\0\0\0\0\0\0\0\0");
  const tags: readonly Tag[] = [
    ["wtpt", colour(0.9642, 1, 0.8249)],
    ["rXYZ", colour(0.436, 0.222, 0.014)],
    ["gXYZ", colour(0.385, 0.717, 0.097)],
    ["bXYZ", colour(0.143, 0.061, 0.714)],
    ["rTRC", linear],
    ["gTRC", linear],
    ["bTRC", linear],
    ...others,
  ];
  const table: Buffer[] = [word(tags.length)];
  const contents: Buffer[] = [];
  let offset = 128 + 4 + 12 * tags.length;
  for (const [signature, content] of tags) {
    table.push(text(signature), word(offset, content.length));
    contents.push(content);
    offset += content.length;
  }
  const header = Buffer.alloc(128);
  header.writeUInt32BE(offset, 0);
  header.writeUInt32BE(0x0440_0000, 8);
  header.write("mntrRGB XYZ ", 12);
  header.write("acsp", 36);
  word(0xf6d6, 0x1_0000, 0xd32d).copy(header, 68);
  return Buffer.concat([header, ...table, ...contents]);
}

/** An element that leaves colours as they are. */
const matrix = ((): Buffer => {
  const values = Buffer.alloc(12 * 4);
  for (const place of [0, 4, 8]) values.writeFloatBE(1, 4 * place);
  return Buffer.concat([text("matf\0\0\0\0"), half(3, 3), values]);
})();

/** A tag of calculations that does the same `count` times. All its elements have the same bytes. */
export function calculationOf(count: number, element: Buffer = matrix): Buffer {
  const places = Buffer.alloc(8 * count, word(16 + 8 * count, element.length));
  return Buffer.concat([text("mpet\0\0\0\0"), half(3, 3), word(count), places, element]);
}

/** An element of curves. All colours have the same one, which is put together of formulas. */
export function curvesOf(segments: number, colours = 3): Buffer {
  const formula = Buffer.concat([text("parf\0\0\0\0"), half(0, 0), Buffer.alloc(4 * 4)]);
  return curvesOfSegments(Array<Buffer>(segments).fill(formula), colours);
}

/** An element of curves that have so many samples. */
export function sampledCurves(samples: number): Buffer {
  return curvesOfSegments([Buffer.concat([text("samf\0\0\0\0"), word(samples), Buffer.alloc(4 * samples)])], 3);
}

function curvesOfSegments(segments: readonly Buffer[], colours: number): Buffer {
  const breaks = Buffer.alloc(4 * (segments.length - 1));
  const curve = Buffer.concat([text("curf\0\0\0\0"), half(segments.length, 0), breaks, ...segments]);
  const places = Buffer.alloc(8 * colours, word(12 + 8 * colours, curve.length));
  return Buffer.concat([text("cvst\0\0\0\0"), half(colours, colours), places, curve]);
}

/** An element that looks colours up in a table with so many points for each of the colours that go in. */
export function tableOf(inputs: number, outputs: number, points: number): Buffer {
  const grid = Array.from({ length: 16 }, (_, input) => (input < inputs ? points : 0));
  const values = Buffer.alloc(4 * outputs * points ** inputs);
  return Buffer.concat([text("clut\0\0\0\0"), half(inputs, outputs), numbers(1, ...grid), values]);
}

/** A profile that keeps the colour library busy for minutes. */
export const endlessProfile: Buffer = profileOf(["D2B0", calculationOf(20_000)]);
