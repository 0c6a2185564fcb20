import { setImmediate } from "node:timers/promises";
import { type ByteSource, lengthWithin, type Range } from "./byte-source.ts";

/** A generator that asks for ranges of a file's bytes, one after the other, and returns a result. */
export type Reading<Result> = Generator<Range, Result, Buffer>;

/** The amount that a reading gets before other work of the process has its turn. It takes less than a millisecond. */
const turn = { maxRanges: 500, maxBytes: 128 * 1024 };

/**
 * Gives a reading the bytes that it asks for. Bytes that are in memory aren't awaited: a header asks for a hundred
 * small ranges that lie in one buffer. Only a reading that asks for many more ranges lets other work go on in between.
 */
export async function readFrom<Result>(source: ByteSource, reading: Reading<Result>): Promise<Result> {
  let ranges = 0;
  let bytes = 0;
  let step = reading.next();
  while (step.done !== true) {
    const { offset, length } = step.value;
    let range = source.atHand(offset, length);
    if (range === undefined) {
      range = await source.read(offset, length);
    } else {
      ranges += 1;
      bytes += range.length;
      if (ranges > turn.maxRanges || bytes > turn.maxBytes) {
        await setImmediate();
        ranges = 0;
        bytes = 0;
      }
    }
    step = reading.next(range);
  }
  return step.value;
}

/** Confines a reading to one part of the bytes. The reading finds no bytes outside of this part. */
export function* readWithin<Result>(part: Range, reading: Reading<Result>): Reading<Result> {
  let step = reading.next();
  while (step.done !== true) {
    const { offset, length } = step.value;
    step = reading.next(yield { offset: part.offset + offset, length: lengthWithin(part.length, offset, length) });
  }
  return step.value;
}

/** Gives a reading the bytes of a file that is wholly in memory, in one go. */
export function readBytes<Result>(bytes: Buffer, reading: Reading<Result>): Result {
  let step = reading.next();
  while (step.done !== true) {
    const { offset, length } = step.value;
    step = reading.next(bytes.subarray(offset, offset + length));
  }
  return step.value;
}
