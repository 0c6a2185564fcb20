/** A Photoshop file up to its pixels. */
export interface PsdDocument {
  readonly width: number;
  readonly height: number;
  /** Bits per sample. */
  readonly depth: number;
  /** The number by which the format names the colours. */
  readonly mode: number;
  readonly channels: number;
  /** The colours of an indexed picture: all reds, then all greens, then all blues. */
  readonly palette: Buffer;
  readonly icc: Buffer | undefined;
  /** Whether the channel behind the colours is the transparency of the whole picture. Others hold selections. */
  readonly hasAlpha: boolean;
  /** The section of the layers. */
  readonly layers: Buffer;
  readonly isLarge: boolean;
  /** Whether the picture that all layers make is in the file. */
  readonly isFlattened: boolean;
  /** The picture that all layers make, as it is packed. */
  readonly packed: Buffer;
}

const headerBytes = 26;
const profileResource = 1039;
const versionResource = 1057;

/**
 * Reads where the parts of a Photoshop file (PSD, PSB) are.
 * @returns undefined for anything else
 * @throws RangeError for a file that ends early
 */
export function readDocument(bytes: Buffer): PsdDocument | undefined {
  if (bytes.toString("latin1", 0, 4) !== "8BPS") return undefined;
  const isLarge = bytes.readUInt16BE(4) === 2;
  if (!isLarge && bytes.readUInt16BE(4) !== 1) return undefined;
  const palette = sectionAt(bytes, headerBytes);
  const resources = sectionAt(bytes, palette.end);
  const layerSection = sectionAt(bytes, resources.end, isLarge);
  const layers = bytes.subarray(layerSection.start, layerSection.end);
  const layerCount = countLayers(layers, isLarge);
  const version = findResource(bytes.subarray(resources.start, resources.end), versionResource);
  return {
    channels: bytes.readUInt16BE(12),
    height: bytes.readUInt32BE(14),
    width: bytes.readUInt32BE(18),
    depth: bytes.readUInt16BE(22),
    mode: bytes.readUInt16BE(24),
    palette: bytes.subarray(palette.start, palette.end),
    icc: findResource(bytes.subarray(resources.start, resources.end), profileResource),
    hasAlpha: layerCount < 0,
    isFlattened: layerCount === 0 || version?.[4] !== 0,
    layers,
    isLarge,
    packed: bytes.subarray(layerSection.end),
  };
}

interface Section {
  readonly start: number;
  readonly end: number;
}

function sectionAt(bytes: Buffer, offset: number, isLarge = false): Section {
  const start = offset + (isLarge ? 8 : 4);
  const length = isLarge ? Number(bytes.readBigUInt64BE(offset)) : bytes.readUInt32BE(offset);
  if (start + length > bytes.length) throw new RangeError("A section ends behind the file");
  return { start, end: start + length };
}

/** The number is negative where the picture of all layers has its transparency in a channel of its own. */
function countLayers(layers: Buffer, isLarge: boolean): number {
  const offset = isLarge ? 8 : 4;
  return layers.length < offset + 2 ? 0 : layers.readInt16BE(offset);
}

function findResource(resources: Buffer, id: number): Buffer | undefined {
  let offset = 0;
  while (offset + 12 <= resources.length) {
    const nameBytes = even(resources.readUInt8(offset + 6) + 1);
    const start = offset + 6 + nameBytes + 4;
    const length = resources.readUInt32BE(start - 4);
    if (resources.readUInt16BE(offset + 4) === id) return resources.subarray(start, start + length);
    offset = start + even(length);
  }
  return undefined;
}

function even(length: number): number {
  return length + (length % 2);
}
