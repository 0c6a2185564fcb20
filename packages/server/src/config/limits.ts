import { transformationBounds } from "@sluice/grammar";
import { ConfigError } from "./config-error.ts";

interface LimitRecord {
  /** The limit's name as it is written on the command line. Its last word is the unit. */
  readonly name: string;
  /** The size of one unit in the program: a second is 1,000 ms. */
  readonly factor: number;
  /** The default, in the unit. */
  readonly standard: number;
  readonly min: number;
  /** The maximum is set if it is less than what numbers and timers can hold. */
  readonly max?: number;
  readonly description: string;
  /** Whether the limit bounds all processes together, so that each process gets its part. */
  readonly shared?: true;
}

function seconds(name: string, standard: number, description: string, min = 0): LimitRecord {
  return { name: `${name}-seconds`, factor: 1000, standard, min, description };
}

function count(name: string, standard: number, description: string, min = 1): LimitRecord {
  return { name, factor: 1, standard, min, description };
}

function sharedCount(name: string, standard: number, description: string, min = 1) {
  return { ...count(name, standard, description, min), shared: true } as const;
}

/** The longest time that an extension may take. The link to the bytes that it works on is valid for as long. */
export const maxExtensionSeconds = 600;

const KiB = 1024;
const hourSeconds = 3600;

/** Bounds on requests and on the work that they cause. Each can be set with `--limit <name>=<value>`. */
export const limitTable = {
  uploads: sharedCount(
    "uploads",
    1024,
    "uploads with credentials at once, see docs/upload-admission.md; one more waits and is then answered 503",
  ),
  connections: sharedCount(
    "connections",
    8192,
    "open connections; one more takes the place of one of the client with the most, or is closed",
  ),
  headersMs: seconds("headers", 30, "time for a request's headers to arrive", 1),
  headerBytes: count("header-bytes", 32 * KiB, "a request's line and headers", KiB),
  jsonBytes: count("json-bytes", KiB * KiB, "the body of a request other than an upload"),
  parts: count("parts", 64, "parts of a form"),
  partHeaderBytes: count("part-header-bytes", 16 * KiB, "the headers of one part"),
  fieldBytes: count("field-bytes", 64 * KiB, "one text field of a form"),
  allFieldsBytes: count("all-fields-bytes", 256 * KiB, "names and values of all text fields of a form"),
  stallMs: seconds("stall", 60, "time without progress, of an upload's body, a remote file or a download"),
  bodyBytesPerSecond: count(
    "body-rate-bytes",
    4 * KiB,
    "slowest rate, by the second, of an upload's body, averaged over the time without progress; 0 for none",
    0,
  ),
  downloadBytesPerSecond: count(
    "download-rate-bytes",
    4 * KiB,
    "slowest rate, by the second, at which a file is taken, averaged over the time without progress; 0 for none",
    0,
  ),
  remoteHeadersMs: seconds("remote-headers", 8, "until a remote file's server answers, redirects included"),
  requestMs: seconds("request", 6 * hourSeconds, "a whole upload; used tokens are remembered a day longer than this"),
  drainMs: seconds("drain", 60, "reading on after a refusal, so that the client gets to read the answer"),
  drainBytesPerSecond: count(
    "drain-rate-bytes",
    64 * KiB,
    "slowest rate, by the second, at which a refused body is read on",
  ),
  drains: sharedCount(
    "drains",
    64,
    "refused bodies that are read on at once; one more takes the place of one of the client with the most, or is not read on",
  ),
  spoolBytes: sharedCount(
    "spool-bytes",
    2048 * KiB * KiB,
    "spool for uploads whose token has not been seen, taken as they come; four times the largest file if that is more",
  ),
  spoolFiles: sharedCount("spool-files", 512, "uploads in that spool; while others wait, slow ones give way to them"),
  waitMs: seconds("wait", 10, "time that an upload waits, unread, for a place or for room"),
  outcomeMs: seconds("outcome", 10, "waiting for an upload to end whose outcome is asked for"),
  imageBytes: count("image-bytes", 40 * KiB * KiB, "an image that others are made of"),
  imagePixels: count("image-pixels", 100_000_000, "pixels of an image that others are made of, and of what is made"),
  imageFrames: count("image-frames", 1000, "frames of an animation that others are made of"),
  animationPixels: count("animation-pixels", 250_000_000, "pixels of all its frames together"),
  imageSteps: {
    ...count("image-steps", 32, `steps of a transformation, at most ${transformationBounds.steps.max}`),
    max: transformationBounds.steps.max,
  },
  imageMemoryBytes: count(
    "image-memory-bytes",
    256 * KiB * KiB,
    "what a decoder may hold of an image, and what a state of it may take between two operations",
  ),
  imagesMemoryBytes: sharedCount(
    "images-memory-bytes",
    1024 * KiB * KiB,
    "what images may take together while they are made, reckoned beforehand; one that takes more is made alone",
  ),
  svgBytes: count("svg-bytes", 5 * KiB * KiB, "a drawing that is delivered as one, rather than as text"),
  svgElements: count(
    "svg-elements",
    100_000,
    "elements of a drawing that is delivered as one; ten times as many with those that it shows again by reference",
  ),
  imageMs: seconds("image", 5, "making one image of another", 1),
  animationMs: seconds("animation", 20, "the same for all frames of an animation", 1),
  imagesWaiting: sharedCount(
    "images-waiting",
    256,
    "images that wait to be made; one more takes the place of one of whoever has most of them, or is answered 503",
  ),
  imagesWaitMs: seconds("images-wait", 20, "an image waits to be made; then it is answered 503", 1),
  imagesUnsentBytes: sharedCount(
    "images-unsent-bytes",
    512 * KiB * KiB,
    "made images that clients have yet to take; beyond it those who take longest are cut off",
  ),
  derivedMemoryBytes: sharedCount(
    "derived-memory-bytes",
    64 * KiB * KiB,
    "made images that are kept in memory",
    KiB * KiB,
  ),
  derivedBytes: count(
    "derived-bytes",
    4096 * KiB * KiB,
    "made images that are kept in the data folder, of all its processes; those used longest ago go first; 0 for none",
    0,
  ),
  compressedBytes: count(
    "compressed-bytes",
    10 * KiB * KiB,
    "a text, or another file of a kind that shrinks, that is delivered compressed; 0 for none",
    0,
  ),
  compressions: sharedCount(
    "compressions",
    4,
    "files that are compressed at once; the others wait a second, and are then sent as they are",
  ),
  virusScans: sharedCount("virus-scans", 4, "files that clamd scans at once; the others wait"),
  virusScanMs: seconds("virus-scan", 120, "scanning one file, the wait for it apart", 1),
  virusScanSilenceMs: seconds(
    "virus-scan-silence",
    60,
    "clamd may take this long to answer, or to take what is sent",
    1,
  ),
  extensionWaitMs: seconds("extension-wait", 3, "an answer waits for the tags that extensions are to find"),
  extensionMs: {
    ...seconds("extension", 60, `one attempt at an extension, at most ${maxExtensionSeconds}`, 1),
    max: maxExtensionSeconds,
  },
  extensionAnswerBytes: count("extension-answer-bytes", KiB * KiB, "what an extension's endpoint answers, files apart"),
  eventsMs: seconds(
    "events",
    7 * 24 * hourSeconds,
    "events are kept, to be sent again, and the attempts at it",
    48 * hourSeconds,
  ),
  derivedSharedMs: seconds("derived-shared", 14 * 24 * hourSeconds, "made images are kept in the bucket", hourSeconds),
  derivedWaitMs: seconds("derived-wait", 1, "waiting for the bucket before an image is made instead"),
  shutdownMs: seconds("shutdown", 30, "what is in flight may take after SIGTERM"),
  databaseConnections: sharedCount(
    "database-connections",
    20,
    "connections of a server to PostgreSQL, half of them for reading; its jobs have two more",
    2,
  ),
  databaseMs: seconds("database", 10, "until PostgreSQL has connected, given a lock or run a statement", 1),
  folderObjects: count("folder-objects", 100_000, "files and folders in a folder that is copied, moved or deleted"),
  storageBytes: count(
    "storage-bytes",
    0,
    "what an account may store, all versions together, where `sluice account set --storage` says nothing else; 0 for no limit",
    0,
  ),
  sweepGraceMs: seconds(
    "sweep-grace",
    24 * hourSeconds,
    "age from which content that nothing refers to is removed",
    600,
  ),
  sweepIntervalMs: seconds("sweep-interval", hourSeconds, "time between two sweeps", 1),
} as const satisfies Record<string, LimitRecord>;

/** The value of each limit: times in milliseconds, sizes in bytes. */
export type Limits = { readonly [Name in keyof typeof limitTable]: number };

export const defaultLimits: Limits = Object.freeze(
  Object.fromEntries(Object.entries(limitTable).map(([key, { standard, factor }]) => [key, standard * factor])),
) as Limits;

/**
 * The limits of one of several processes: its part of each limit that bounds them together, rounded up, and the other
 * limits unchanged.
 */
export function shareLimits(limits: Limits, processes: number): Limits {
  const entries = Object.entries(limitTable).map(([key, record]: [string, LimitRecord]) => {
    const limit = limits[key as keyof Limits];
    return [key, record.shared ? Math.max(record.min, Math.ceil(limit / processes)) : limit];
  });
  return Object.fromEntries(entries) as Limits;
}

/** Timers take at most 2^31 - 1 milliseconds, some 24 days. */
const maxSeconds = 2_147_483;

/**
 * Reads `name=value`, or several of these separated by commas.
 * @throws ConfigError that names the limit
 */
export function parseLimits(text: string): Partial<Limits> {
  const records = Object.entries(limitTable);
  const entries = text.split(",").map((item) => {
    const [name = "", value = ""] = item.trim().split("=", 2);
    const found = records.find(([, record]) => record.name === name);
    if (found === undefined) {
      throw new ConfigError(
        `--limit: there is no limit ${JSON.stringify(name)}, only ${records.map(([, record]) => record.name).join(", ")}`,
      );
    }
    const [key, record]: [string, LimitRecord] = found;
    const { factor, min } = record;
    const amount = Number(value);
    const max = record.max ?? (name.endsWith("-seconds") ? maxSeconds : Number.MAX_SAFE_INTEGER);
    if (!/^\d+(\.\d+)?$/.test(value) || amount < min || amount > max) {
      throw new ConfigError(`--limit ${name} must be a number from ${min} to ${max}`);
    }
    return [key, Math.round(amount * factor)];
  });
  return Object.fromEntries(entries);
}
