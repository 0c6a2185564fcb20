import type { Parts } from "./parts.ts";

const screenLength = 13;
const descriptorLength = 10;
const markers = { extension: 0x21, image: 0x2c, trailer: 0x3b } as const;
const labels = { graphicControl: 0xf9, comment: 0xfe, application: 0xff } as const;
const maxBlocks = 20_000;
/** Writers fill each sub-block with 255 bytes. */
const maxSubBlocks = 500_000;

interface Walk {
  readonly bytes: Buffer;
  subBlocks: number;
}

/** Keeps the screen, the frames, how long each frame is shown, and how often all frames are played. */
export function stripGif(bytes: Buffer): Parts | undefined {
  if (bytes.length < screenLength || !/^GIF8[79]a$/.test(bytes.toString("latin1", 0, 6))) return undefined;
  const walk: Walk = { bytes, subBlocks: maxSubBlocks };
  let offset = screenLength + colourTableLength(bytes.readUInt8(10));
  const parts = [bytes.subarray(0, offset)];
  let frames = 0;
  for (let blocks = 0; blocks < maxBlocks; blocks += 1) {
    const marker = bytes[offset];
    if (marker === markers.trailer) return frames > 0 ? [...parts, Buffer.of(markers.trailer)] : undefined;
    const isFrame = marker === markers.image;
    const end = isFrame
      ? endOfImage(walk, offset)
      : marker === markers.extension
        ? endOfExtension(walk, offset)
        : undefined;
    if (end === undefined) return undefined;
    const block = bytes.subarray(offset, end);
    if (isFrame || stays(block)) parts.push(block);
    else if (!isLeftOut(block)) return undefined;
    if (isFrame) frames += 1;
    offset = end;
  }
  return undefined;
}

const loopNames: readonly string[] = ["NETSCAPE2.0", "ANIMEXTS1.0"];
const loopLength = 19;

/** Whether an extension says how long a frame is shown or how often all frames are played. */
function stays(block: Buffer): boolean {
  if (block[1] === labels.graphicControl) return block.length === 8 && block[2] === 4;
  return saysLoops(block) && block.length === loopLength && block[14] === 3 && block[15] === 1;
}

function saysLoops(block: Buffer): boolean {
  return block[1] === labels.application && loopNames.includes(block.toString("latin1", 3, 14));
}

/** Whether an extension is a comment or a program's own data. Another extension may be a part of the picture. */
function isLeftOut(block: Buffer): boolean {
  return block[1] === labels.comment || (block[1] === labels.application && !saysLoops(block));
}

function endOfImage(walk: Walk, offset: number): number | undefined {
  const packed = walk.bytes[offset + descriptorLength - 1];
  if (packed === undefined) return undefined;
  return endOfSubBlocks(walk, offset + descriptorLength + colourTableLength(packed) + 1);
}

/** Every extension but a comment begins with a sub-block that says what it is. Readers differ on an empty one. */
function endOfExtension(walk: Walk, offset: number): number | undefined {
  const { bytes } = walk;
  if (bytes[offset + 1] !== labels.comment && bytes[offset + 2] === 0) return undefined;
  return endOfSubBlocks(walk, offset + 2);
}

function endOfSubBlocks(walk: Walk, start: number): number | undefined {
  let offset = start;
  for (; walk.subBlocks > 0; walk.subBlocks -= 1) {
    const length = walk.bytes[offset];
    if (length === undefined) return undefined;
    offset += 1 + length;
    if (length === 0) return offset;
  }
  return undefined;
}

function colourTableLength(packed: number): number {
  return (packed & 0x80) === 0 ? 0 : 3 * 2 ** ((packed & 7) + 1);
}
