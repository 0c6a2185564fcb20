/** A layer of a Photoshop file with pixels of its own. Parts of it may lie outside of the picture. */
export interface PsdLayer {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** The packed pixels by the numbers of the channels. The colours count from 0. */
  readonly channels: ReadonlyMap<number, Buffer>;
}

/** The number of the channel with a layer's transparency. */
export const transparency = -1;

/** The bytes between a layer's channels and the length of what else is known of it: how it is blended. */
const blendingBytes = 12;

/**
 * Reads the layers from the lowest to the uppermost. Groups and adjustments, which have no pixels, are left out.
 * @param section the file's section of layers and masks
 * @throws RangeError for a section that ends early
 */
export function readLayers(section: Buffer, isLarge: boolean): readonly PsdLayer[] {
  const lengthBytes = isLarge ? 8 : 4;
  if (section.length < lengthBytes + 2) return [];
  // The number is negative where the whole picture has a channel with its transparency.
  const count = Math.abs(section.readInt16BE(lengthBytes));
  let offset = lengthBytes + 2;
  const records: LayerRecord[] = [];
  for (let index = 0; index < count; index += 1) {
    const record = recordAt(section, offset, lengthBytes);
    offset = record.end;
    records.push(record);
  }
  const layers: PsdLayer[] = [];
  for (const { lengths, left, top, width, height } of records) {
    const channels = new Map<number, Buffer>();
    for (const { channel, length } of lengths) {
      if (offset + length > section.length) throw new RangeError("A channel ends behind the layers");
      channels.set(channel, section.subarray(offset, offset + length));
      offset += length;
    }
    if (width > 0 && height > 0) layers.push({ left, top, width, height, channels });
  }
  return layers;
}

interface LayerRecord extends Omit<PsdLayer, "channels"> {
  readonly lengths: readonly { readonly channel: number; readonly length: number }[];
  readonly end: number;
}

function recordAt(section: Buffer, offset: number, lengthBytes: 4 | 8): LayerRecord {
  const top = section.readInt32BE(offset);
  const left = section.readInt32BE(offset + 4);
  const bottom = section.readInt32BE(offset + 8);
  const right = section.readInt32BE(offset + 12);
  const first = offset + 18;
  const entryBytes = 2 + lengthBytes;
  const lengths = Array.from({ length: section.readUInt16BE(offset + 16) }, (_, index) => {
    const at = first + index * entryBytes;
    const length = lengthBytes === 8 ? Number(section.readBigUInt64BE(at + 2)) : section.readUInt32BE(at + 2);
    return { channel: section.readInt16BE(at), length };
  });
  const rest = first + lengths.length * entryBytes + blendingBytes;
  const end = rest + 4 + section.readUInt32BE(rest);
  return { left, top, width: right - left, height: bottom - top, lengths, end };
}
