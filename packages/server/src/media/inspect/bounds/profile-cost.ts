/**
 * The most bytes of a colour profile. Those of printers, which have tables for each direction and intent, reach two
 * megabytes.
 */
export const maxProfileBytes = 8 * 1024 * 1024;

/** The most tags of a profile. The colour library refuses more as well. */
const maxTags = 100;

/**
 * The bounds on a tag of calculations (`mpet`). The colour library calculates some forty thousand colours with each of its
 * elements, and four thousand values of each curve with each of its segments, also where they are equal and share their
 * bytes. Elements and curves that fill 11 KB of a PNG take minutes.
 */
const calculation = {
  maxElements: 64,
  /** The segments of all curves. */
  maxSegments: 1000,
  /** The samples of curves, and the values in tables. */
  maxNumbers: 4 * 1024 * 1024,
  /** The colours that go into a table. To find a place among those of fifteen takes thousands of steps. */
  maxTableInputs: 4,
};

const tagsOffset = 128;
const tagLength = 12;

/**
 * Whether the colour library takes bounded time for a profile: a fraction of a second, whatever the profile says.
 * A profile that the library doesn't accept is bounded.
 */
export function isBoundedProfile(profile: Buffer): boolean {
  if (profile.length > maxProfileBytes) return false;
  const number = numbersIn(profile);
  const count = number(tagsOffset, 4);
  if (count > maxTags) return false;
  for (let tag = 0; tag < count; tag += 1) {
    const offset = number(tagsOffset + 4 + tag * tagLength + 4, 4);
    if (textAt(profile, offset) === "mpet" && !isBoundedCalculation(profile, offset)) return false;
  }
  return true;
}

interface Work {
  segments: number;
  numbers: number;
}

function isBoundedCalculation(profile: Buffer, tag: number): boolean {
  const number = numbersIn(profile);
  const elements = number(tag + 12, 4);
  if (elements > calculation.maxElements) return false;
  const work: Work = { segments: 0, numbers: 0 };
  for (let index = 0; index < elements && isBoundedWork(work); index += 1) {
    const element = tag + number(tag + 16 + 8 * index, 4);
    const kind = textAt(profile, element);
    if (kind === "cvst") addCurves(profile, element, work);
    if (kind === "clut") addTable(profile, element, work);
  }
  return isBoundedWork(work);
}

function isBoundedWork({ segments, numbers }: Work): boolean {
  return segments <= calculation.maxSegments && numbers <= calculation.maxNumbers;
}

/** The bytes before the first curve's place in an element, before a curve's first segment, and of a segment's head. */
const curvesHead = 12;
const curveHead = 12;
const segmentHead = 12;
/** The bytes of the numbers in a segment that is a formula, by the number of the formula. */
const formulaLengths: readonly (number | undefined)[] = [16, 20, 20];

/** Counts the curves of an element, one for each of its colours. */
function addCurves(profile: Buffer, element: number, work: Work): void {
  const number = numbersIn(profile);
  const colours = number(element + 8, 2);
  for (let colour = 0; colour < colours && isBoundedWork(work); colour += 1) {
    const curve = element + number(element + curvesHead + 8 * colour, 4);
    const segments = number(curve + 8, 2);
    work.segments += Math.max(segments, 1);
    let offset = curve + curveHead + 4 * (segments - 1);
    for (let segment = 0; segment < segments && isBoundedWork(work); segment += 1) {
      const samples = textAt(profile, offset) === "samf" ? number(offset + 8, 4) : 0;
      const formula = textAt(profile, offset) === "parf" ? formulaLengths[number(offset + 8, 2)] : undefined;
      // The library refuses a curve with anything else.
      if (samples === 0 && formula === undefined) break;
      work.numbers += samples;
      offset += segmentHead + (formula ?? 4 * samples);
    }
  }
}

/** Counts the values of an element's table: for each colour that comes out, one at each point of its grid. */
function addTable(profile: Buffer, element: number, work: Work): void {
  const number = numbersIn(profile);
  const inputs = number(element + 8, 2);
  if (inputs > calculation.maxTableInputs) {
    work.numbers = Number.POSITIVE_INFINITY;
    return;
  }
  let values = number(element + 10, 2);
  for (let input = 0; input < inputs; input += 1) values *= number(element + 12 + input, 1);
  work.numbers += values;
}

/** Reads the numbers of a profile. A number that lies beyond the profile's end is 0. */
function numbersIn(profile: Buffer): (offset: number, size: 1 | 2 | 4) => number {
  return (offset, size) => (offset + size > profile.length ? 0 : profile.readUIntBE(offset, size));
}

function textAt(profile: Buffer, offset: number): string {
  return profile.toString("latin1", offset, offset + 4);
}
