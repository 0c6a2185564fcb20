import { type CodecContext, type Dictionary, type FormatContext, loadLibav, type Rational } from "./native.ts";

/** The libraries of FFmpeg, loaded once in a process that does nothing else. */
export const libav = loadLibav();

/** The numbers of libavcodec, libavformat and libavutil that are used here. */
export const numbers = {
  video: 0,
  audio: 1,
  discardAll: 48,
  displayMatrix: 5,
  attachedPicture: 0x400,
  fixedQuality: 0x2,
  globalHeader: 0x400000,
  frameDuration: 0x100,
  searchChildren: 1,
  seeksToPresentation: 0x4000000,
  lambdaOfQuality: 118,
  logErrors: 16,
  microsecond: { num: 1, den: 1_000_000 },
} as const;

/** What the libraries say instead of a time that isn't known. */
export const noTime = -(2n ** 63n);

/** There is nothing more. */
export const endOfFile = -541_478_725;
const tryAgain = libav.FFmpegError.getAverror("EAGAIN");

/** Whether there is nothing more: for now, or at all. */
export function isDry(code: number): boolean {
  return code === tryAgain || code === endOfFile;
}

/** @throws an error that says what the library says */
export function must(code: number, what: string): number {
  if (code < 0) throw new Error(`${what}: ${libav.FFmpegError.strerror(code)}`);
  return code;
}

/** @throws an error that says what is missing */
export function existing<Value>(value: Value | null | undefined, what: string): Value {
  if (value === null || value === undefined) throw new Error(`${what} is missing`);
  return value;
}

export function dictionaryOf(options: Readonly<Record<string, string>>): Dictionary {
  const dictionary = new libav.Dictionary();
  dictionary.alloc();
  for (const [key, value] of Object.entries(options)) must(dictionary.set(key, value, 0), key);
  return dictionary;
}

/** Sets options of a codec or a container, also those of its own kind alone. */
export function setOptions(context: CodecContext | FormatContext, options: Readonly<Record<string, string>>): void {
  // A dictionary that is handed to `open2Sync` is freed twice (node-av 6.1.1).
  for (const [name, value] of Object.entries(options)) {
    must(libav.Option.set(context, name, value, numbers.searchChildren), `The option ${name}`);
  }
}

/** Makes a frame or a packet that holds nothing yet. */
export function allocated<Value extends { alloc(): void }>(type: new () => Value): Value {
  const value = new type();
  value.alloc();
  return value;
}

/** A time in units of a time base. */
export function ticks(seconds: number, timeBase: Rational): bigint {
  return libav.avRescaleQ(BigInt(Math.round(seconds * 1e6)), numbers.microsecond, timeBase);
}
