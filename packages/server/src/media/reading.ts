import { type ByteSource, lengthWithin, type Range } from "./byte-source.ts";

/** What asks for ranges of a file's bytes, one after the other, and makes something of them. */
export type Reading<Result> = Generator<Range, Result, Buffer>;

/**
 * Gives a reading the bytes that it asks for. Nothing is awaited for those at hand: a header asks for a hundred small
 * ranges that lie in one buffer.
 */
export async function readFrom<Result>(source: ByteSource, reading: Reading<Result>): Promise<Result> {
  let step = reading.next();
  while (step.done !== true) {
    const { offset, length } = step.value;
    step = reading.next(source.atHand(offset, length) ?? (await source.read(offset, length)));
  }
  return step.value;
}

/** A reading for which there is nothing outside of one part of the bytes. */
export function* readWithin<Result>(part: Range, reading: Reading<Result>): Reading<Result> {
  let step = reading.next();
  while (step.done !== true) {
    const { offset, length } = step.value;
    step = reading.next(yield { offset: part.offset + offset, length: lengthWithin(part.length, offset, length) });
  }
  return step.value;
}
