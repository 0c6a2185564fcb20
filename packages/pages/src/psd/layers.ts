import { layerName } from "./layer-name.ts";

/** A layer of a Photoshop file with pixels of its own. Parts of it may lie outside of the picture. */
export interface PsdLayer {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** The name that people gave it; empty where it can't be read. */
  readonly name: string;
  /** The packed pixels by the numbers of the channels. The colours count from 0. */
  readonly channels: ReadonlyMap<number, Buffer>;
}

/** The number of the channel with a layer's transparency. */
export const transparency = -1;

/** The bytes between a layer's channels and the length of what else is known of it: how it is blended. */
const blendingBytes = 12;

/** Photoshop gives a picture no more channels. */
const maxChannels = 56;

/**
 * Reads the layers from the lowest to the uppermost. Groups and adjustments, which have no pixels, are left out. The
 * name and the channels of a layer are made each time that they are asked for: a hostile file has more of them than fit into memory.
 * @param section the file's section of layers and masks
 * @throws RangeError for a section that ends early, or a layer with too many channels
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
  for (const record of records) {
    const { left, top, width, height } = record;
    const pixelsAt = offset;
    for (const { length } of lengthsOf(section, record)) offset += length;
    if (offset > section.length) throw new RangeError("A channel ends behind the layers");
    if (width <= 0 || height <= 0) continue;
    layers.push({
      left,
      top,
      width,
      height,
      get name() {
        return layerName(section.subarray(record.extra, record.end));
      },
      get channels() {
        return channelsAt(section, record, pixelsAt);
      },
    });
  }
  return layers;
}

interface LayerRecord extends Omit<PsdLayer, "channels" | "name"> {
  /** The place of the lengths of the layer's channels. */
  readonly first: number;
  readonly channels: number;
  readonly lengthBytes: 4 | 8;
  /** The place of what is said behind the way in which the layer is blended. */
  readonly extra: number;
  readonly end: number;
}

function recordAt(section: Buffer, offset: number, lengthBytes: 4 | 8): LayerRecord {
  const top = section.readInt32BE(offset);
  const left = section.readInt32BE(offset + 4);
  const bottom = section.readInt32BE(offset + 8);
  const right = section.readInt32BE(offset + 12);
  const channels = section.readUInt16BE(offset + 16);
  if (channels > maxChannels) throw new RangeError("A layer has too many channels");
  const first = offset + 18;
  const rest = first + channels * (2 + lengthBytes) + blendingBytes;
  const end = rest + 4 + section.readUInt32BE(rest);
  return { left, top, width: right - left, height: bottom - top, first, channels, lengthBytes, extra: rest + 4, end };
}

function* lengthsOf(
  section: Buffer,
  { first, channels, lengthBytes }: LayerRecord,
): Generator<{ readonly channel: number; readonly length: number }> {
  for (let index = 0; index < channels; index += 1) {
    const at = first + index * (2 + lengthBytes);
    const length = lengthBytes === 8 ? Number(section.readBigUInt64BE(at + 2)) : section.readUInt32BE(at + 2);
    yield { channel: section.readInt16BE(at), length };
  }
}

function channelsAt(section: Buffer, record: LayerRecord, pixelsAt: number): ReadonlyMap<number, Buffer> {
  const channels = new Map<number, Buffer>();
  let start = pixelsAt;
  for (const { channel, length } of lengthsOf(section, record)) {
    channels.set(channel, section.subarray(start, start + length));
    start += length;
  }
  return channels;
}
