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

export interface FoundLayer {
  /** The number of layers with pixels. */
  readonly count: number;
  readonly layer: PsdLayer | undefined;
}

/** The bytes between a layer's channels and the length of what else is known of it: how it is blended. */
const blendingBytes = 12;

/** Photoshop gives a picture no more channels. */
const maxChannels = 56;

/**
 * Finds a layer among those with pixels, which are counted from 0, from the lowest to the uppermost. Groups and
 * adjustments have none. Nothing is kept of the other layers, since a hostile file claims to have many.
 * @param section the file's section of layers and masks
 * @throws RangeError for a section that ends early, or a layer with too many channels
 */
export function findLayer(section: Buffer, isLarge: boolean, wanted: number): FoundLayer {
  const lengthBytes = isLarge ? 8 : 4;
  if (section.length < lengthBytes + 2) return { count: 0, layer: undefined };
  // The number is negative where the whole picture has a channel with its transparency.
  const records = Math.abs(section.readInt16BE(lengthBytes));
  let found: { readonly record: LayerRecord; readonly pixelsBefore: number } | undefined;
  let count = 0;
  let offset = lengthBytes + 2;
  let pixelBytes = 0;
  for (let index = 0; index < records; index += 1) {
    const record = recordAt(section, offset, lengthBytes);
    if (record.width > 0 && record.height > 0) {
      if (count === wanted) found = { record, pixelsBefore: pixelBytes };
      count += 1;
    }
    for (const { length } of channelsOf(section, record)) pixelBytes += length;
    offset = record.end;
  }
  // The pixels of all layers lie behind their records.
  if (offset + pixelBytes > section.length) throw new RangeError("A channel ends behind the layers");
  return { count, layer: found && layerAt(section, found.record, offset + found.pixelsBefore) };
}

interface LayerRecord extends Omit<PsdLayer, "channels"> {
  readonly offset: number;
  readonly channels: number;
  readonly lengthBytes: 4 | 8;
  readonly end: number;
}

/** The bytes of a layer's edges and of the number of its channels. */
const edgesBytes = 18;

function recordAt(section: Buffer, offset: number, lengthBytes: 4 | 8): LayerRecord {
  const top = section.readInt32BE(offset);
  const left = section.readInt32BE(offset + 4);
  const bottom = section.readInt32BE(offset + 8);
  const right = section.readInt32BE(offset + 12);
  const channels = section.readUInt16BE(offset + 16);
  if (channels > maxChannels) throw new RangeError("A layer has too many channels");
  const rest = offset + edgesBytes + channels * (2 + lengthBytes) + blendingBytes;
  const end = rest + 4 + section.readUInt32BE(rest);
  return { left, top, width: right - left, height: bottom - top, offset, channels, lengthBytes, end };
}

/** The channels of a layer, with the lengths of their packed pixels. */
function* channelsOf(
  section: Buffer,
  { offset, channels, lengthBytes }: LayerRecord,
): Generator<{ readonly channel: number; readonly length: number }> {
  for (let index = 0; index < channels; index += 1) {
    const at = offset + edgesBytes + index * (2 + lengthBytes);
    const length = lengthBytes === 8 ? Number(section.readBigUInt64BE(at + 2)) : section.readUInt32BE(at + 2);
    yield { channel: section.readInt16BE(at), length };
  }
}

function layerAt(section: Buffer, record: LayerRecord, pixelsAt: number): PsdLayer {
  const channels = new Map<number, Buffer>();
  let start = pixelsAt;
  for (const { channel, length } of channelsOf(section, record)) {
    channels.set(channel, section.subarray(start, start + length));
    start += length;
  }
  const { left, top, width, height } = record;
  return { left, top, width, height, channels };
}
