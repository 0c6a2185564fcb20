import type { Cue, CueStyle, Piece } from "./write-ass.ts";

/** What subtitles may have. Those of a film of three hours have about 2,000 cues in 150 KB. */
export const subtitleBounds = {
  bytes: 1024 * 1024,
  cues: 10_000,
  lineCharacters: 500,
  cueLines: 10,
  /** The cues that are seen at the same time. */
  cuesAtOnce: 10,
} as const;

/** What is wrong with subtitles, in one sentence for whoever has written them. It quotes nothing of them. */
export class SubtitlesError extends Error {
  override readonly name = "SubtitlesError";
}

/**
 * Reads subtitles in SubRip (`.srt`) or WebVTT (`.vtt`). Positions, colours and regions are left out. A cue that ends
 * before it begins is never seen, so it is left out as well.
 * @throws SubtitlesError
 */
export function readSubtitles(bytes: Buffer): readonly Cue[] {
  if (bytes.length > subtitleBounds.bytes)
    throw new SubtitlesError(`They have more than ${subtitleBounds.bytes} bytes.`);
  const lines = decode(bytes).split(/\r\n|\r|\n/);
  const isVtt = /^WEBVTT(?:[ \t]|$)/.test(lines[0] ?? "");
  const cues: Cue[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    if (isVtt && /^(?:NOTE|STYLE|REGION)(?:[ \t]|$)/.test(line)) index = blankFrom(lines, index);
    // Numbers and names of cues stand above their times.
    if (!line.includes("-->")) continue;
    const times = readTimes(line, index + 1);
    const end = blankFrom(lines, index);
    const text = lines.slice(index + 1, end);
    refuseLongText(text, index + 2);
    index = end;
    if (times.end > times.start) cues.push({ ...times, pieces: readText(text.join("\n"), isVtt) });
    if (cues.length > subtitleBounds.cues) throw new SubtitlesError(`They have more than ${subtitleBounds.cues} cues.`);
  }
  if (cues.length === 0) throw new SubtitlesError("They have no cue that is seen.");
  refuseCrowd(cues);
  return cues;
}

/** A file without a mark is in UTF-8, which nothing else looks like. */
function decode(bytes: Buffer): string {
  const mark = bytes.subarray(0, 2).toString("hex");
  const encoding = mark === "fffe" ? "utf-16le" : mark === "feff" ? "utf-16be" : "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    throw new SubtitlesError("They are neither in UTF-8 nor in UTF-16 with a byte order mark.", { cause: error });
  }
}

/** The index of the next line without text. */
function blankFrom(lines: readonly string[], from: number): number {
  let index = from + 1;
  while (index < lines.length && lines[index]?.trim() !== "") index += 1;
  return index;
}

const time = String.raw`(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})`;
const times = new RegExp(`^\\s{0,9}${time}\\s{0,9}-->\\s{0,9}${time}(?:\\s|$)`);

function readTimes(line: string, number: number): Pick<Cue, "start" | "end"> {
  const [, ...parts] = times.exec(line) ?? [];
  if (parts.length === 0)
    throw new SubtitlesError(`Line ${number} has no times such as 00:01:02,500 --> 00:01:04,000.`);
  const seconds = ([hours = "0", minutes = "0", whole = "0", fraction = "0"]: readonly (
    | string
    | undefined
  )[]): number => Number(hours) * 3600 + Number(minutes) * 60 + Number(whole) + Number(`0.${fraction}`);
  return { start: seconds(parts.slice(0, 4)), end: seconds(parts.slice(4)) };
}

function refuseLongText(text: readonly string[], number: number): void {
  const { cueLines, lineCharacters } = subtitleBounds;
  if (text.length > cueLines) throw new SubtitlesError(`The cue in line ${number} has more than ${cueLines} lines.`);
  const long = text.findIndex((line) => line.length > lineCharacters);
  if (long !== -1) throw new SubtitlesError(`Line ${number + long} has more than ${lineCharacters} characters.`);
}

/** Cues that are seen together are drawn together, on each picture. */
function refuseCrowd(cues: readonly Cue[]): void {
  const changes = cues.flatMap(({ start, end }) => [
    { at: start, change: 1 },
    { at: end, change: -1 },
  ]);
  let seen = 0;
  for (const { change } of changes.toSorted((one, other) => one.at - other.at || one.change - other.change)) {
    seen += change;
    if (seen > subtitleBounds.cuesAtOnce) {
      throw new SubtitlesError(`More than ${subtitleBounds.cuesAtOnce} cues are seen at the same time.`);
    }
  }
}

/** Tags are in angle brackets. Players also know blocks of Advanced SubStation Alpha in SubRip: `{\an8}`. */
const tag = /<[^<>]{0,200}>|\{\\[^{}]{0,200}\}/g;
const styles: ReadonlySet<string> = new Set(["b", "i", "u", "s"] satisfies CueStyle[]);

/** Keeps styles, and leaves out the tags of everything else. */
function readText(text: string, isVtt: boolean): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  const plain = (part: string): void => {
    const clean = withoutControls(isVtt ? decodeEntities(part) : part);
    if (clean !== "") pieces.push(clean);
  };
  for (const found of text.matchAll(tag)) {
    plain(text.slice(end, found.index));
    end = found.index + found[0].length;
    // WebVTT has classes behind names: `<i.loud>`.
    const [, closing, name = ""] = /^<(\/?)([a-z]+)(?:\.[^>]*)?>$/i.exec(found[0]) ?? [];
    const style = name.toLowerCase();
    if (styles.has(style)) pieces.push({ style: style as CueStyle, isOn: closing === "" });
  }
  plain(text.slice(end));
  return pieces;
}

const entities: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&nbsp;": "\u00a0",
  "&lrm;": "\u200e",
  "&rlm;": "\u200f",
};

function decodeEntities(text: string): string {
  return text.replaceAll(/&(?:amp|lt|gt|nbsp|lrm|rlm);/g, (entity) => entities[entity] ?? entity);
}

/** Removes what has no shape. Other separators of lines become spaces. */
function withoutControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  const controls = /[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]/g;
  return text
    .toWellFormed()
    .replaceAll(controls, "")
    .replaceAll(/[\t\v\f\u0085\u2028\u2029]/g, " ");
}
