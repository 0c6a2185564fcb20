import type { Range } from "../byte-source.ts";

/** A part of a file, such as a segment or a chunk. All members are positions in the file, or bytes. */
export interface Part {
  readonly start: number;
  /** The place of the content, behind the part's own head. */
  readonly offset: number;
  readonly length: number;
  /** The position at which the next part begins. */
  readonly end: number;
}

/**
 * A walk over the parts of a file. The caller reads the range `head` and hands its bytes to `take`, for one part after the
 * other. A caller that has found what it looks for stops, so nothing more is read.
 */
export interface Walk<Found> {
  /** The place of the next part's first bytes. */
  readonly head: Range;
  /** @returns the next part; undefined behind the last one */
  readonly take: (head: Buffer) => Found | undefined;
}

/**
 * Walks the parts of a file from an offset on.
 * @param headBytes the number of bytes that are read of each part
 * @param partOf makes a part from its first bytes, of which there are fewer at the end of the file; undefined ends the walk
 */
export function walkParts<Found extends Pick<Part, "end">>(
  offset: number,
  maxParts: number,
  headBytes: number,
  partOf: (head: Buffer, start: number) => Found | undefined,
): Walk<Found> {
  const head = { offset, length: headBytes };
  let left = maxParts;
  const take = (bytes: Buffer): Found | undefined => {
    const part = left > 0 ? partOf(bytes, head.offset) : undefined;
    if (part !== undefined) head.offset = part.end;
    left -= 1;
    if (left <= 0) head.length = 0;
    return part;
  };
  return { head, take };
}

/** The parts of a file that is wholly in memory. */
export function* partsIn<Found>(bytes: Buffer, { head, take }: Walk<Found>): Generator<Found, void> {
  const next = (): Found | undefined => take(bytes.subarray(head.offset, head.offset + head.length));
  for (let part = next(); part !== undefined; part = next()) yield part;
}
