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

/** The longest time that one attempt at an effect of a model may take. */
export const maxAiEffectSeconds = 600;

/** More files than these are never looked up for the layers of one transformation. */
export const maxLayers = 50;

/** Further pictures than usual may be made beside those that take long. Each has a process that is kept ready for it. */
export const extraPictures = 2;

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
    "open connections; a further one replaces a connection of the client that has most, or is closed",
  ),
  headersMs: seconds("headers", 30, "time for a request's headers to arrive", 1),
  headerBytes: count("header-bytes", 16 * KiB, "a request's line and headers, except those of resumable uploads", KiB),
  resumableHeaderBytes: count(
    "resumable-header-bytes",
    64 * KiB,
    "a request's line and headers at `/_sluice/resumable`, where they carry an upload's parameters",
    KiB,
  ),
  jsonBytes: count("json-bytes", KiB * KiB, "the body of a request other than an upload"),
  parts: count("parts", 64, "parts of a form"),
  partHeaderBytes: count("part-header-bytes", 16 * KiB, "the headers of one part"),
  fieldBytes: count("field-bytes", 64 * KiB, "one text field of a form"),
  allFieldsBytes: count("all-fields-bytes", 256 * KiB, "names and values of all text fields of a form"),
  stallMs: seconds(
    "stall",
    60,
    "time without progress of an upload's body, a remote file or a download; 0 ends uploads at once",
  ),
  bodyBytesPerSecond: count(
    "body-rate-bytes",
    4 * KiB,
    "minimum rate per second of an upload's body, averaged over the time without progress; 0 for none",
    0,
  ),
  downloadBytesPerSecond: count(
    "download-rate-bytes",
    4 * KiB,
    "minimum rate per second of a download, averaged over the time without progress; 0 for none",
    0,
  ),
  remoteHeadersMs: seconds(
    "remote-headers",
    8,
    "time until a remote file's server answers, redirects included; 0 refuses every remote file",
  ),
  requestMs: seconds(
    "request",
    6 * hourSeconds,
    "time of a whole upload; used tokens are remembered a day longer than this; at least `headers-seconds`",
  ),
  drainMs: seconds(
    "drain",
    60,
    "time for which a refused body is read on, so that the client can read the answer; 0 for hardly any",
  ),
  drainBytesPerSecond: count(
    "drain-rate-bytes",
    64 * KiB,
    "minimum rate per second at which a refused body is read on",
  ),
  drains: sharedCount(
    "drains",
    64,
    "refused bodies that are read on at once; a further one replaces a body of the client that has most, or is not read on",
  ),
  spoolBytes: sharedCount(
    "spool-bytes",
    2048 * KiB * KiB,
    "space in the spool for uploads whose token has not arrived, taken as their bytes arrive; four times the largest file if that is more",
  ),
  spoolFiles: sharedCount("spool-files", 512, "uploads in that space; while others wait, slow ones give way to them"),
  waitMs: seconds(
    "wait",
    10,
    "time that an upload waits, without being read, for a place or for room, and that any request waits for a server that starts; 0 for no wait",
  ),
  outcomeMs: seconds(
    "outcome",
    10,
    "time that a request for an upload's outcome waits for the upload to end; 0 for no wait",
  ),
  resumableSessionMs: seconds(
    "resumable-session",
    24 * hourSeconds,
    "time for which a resumable upload can go on, and its answer can be asked for, from its creation",
    60,
  ),
  resumableSessionsPerKey: count(
    "resumable-sessions-per-key",
    2000,
    "resumable uploads of one key pair that have neither ended nor expired",
  ),
  resumableSessionsPerAddress: count(
    "resumable-sessions-per-address",
    500,
    "the same of one client address, or of one IPv6 network",
  ),
  resumableChecksumBytes: count(
    "resumable-checksum-bytes",
    64 * KiB * KiB,
    "a piece of a resumable upload that comes with a checksum; it waits in the spool until its checksum is known",
  ),
  imageBytes: count("image-bytes", 40 * KiB * KiB, "size of an image from which others are made"),
  imagePixels: count("image-pixels", 100_000_000, "pixels of an image from which others are made, and of a made image"),
  imageFrames: count("image-frames", 1000, "frames of an animation from which others are made"),
  animationPixels: count("animation-pixels", 250_000_000, "pixels of all its frames together"),
  imageSteps: {
    ...count("image-steps", 32, `steps of a transformation, at most ${transformationBounds.steps.max}`),
    max: transformationBounds.steps.max,
  },
  imageLayers: {
    ...count("image-layers", 20, `layers of a transformation, with those in other layers, at most ${maxLayers}`),
    max: maxLayers,
  },
  imageMemoryBytes: count(
    "image-memory-bytes",
    256 * KiB * KiB,
    "memory that a decoder may hold for an image, and that an image may take between two operations",
  ),
  imagesMemoryBytes: count(
    "images-memory-bytes",
    1024 * KiB * KiB,
    "memory that images may take together while they are made, estimated beforehand; an image that takes more is made alone",
  ),
  svgBytes: count("svg-bytes", 5 * KiB * KiB, "size of a drawing that is delivered as a drawing rather than as text"),
  svgElements: count(
    "svg-elements",
    100_000,
    "elements of a drawing that is delivered as a drawing; ten times as many with the elements that it repeats by reference",
  ),
  imageMs: seconds(
    "image",
    4,
    "time to make one image from another, with the searches for faces and objects that it needs; waiting for a turn does not count",
    1,
  ),
  animationMs: seconds(
    "animation",
    20,
    "the same for an image of all frames of an animation, whose searches have the time of `image-seconds`",
    1,
  ),
  imagesWaiting: count(
    "images-waiting",
    256,
    "images that wait to be made; a further one replaces an image of the account or client that has used, and waits for, most time, or is answered 503",
  ),
  imagesWaitMs: seconds("images-wait", 20, "time that an image waits to be made before it is answered 503", 1),
  imagesSpare: count(
    "images-spare",
    extraPictures,
    "processes that are kept ready for images, beside one for each image that is made at once; images that take little use them while others take long; 0 starts each process when it is needed",
    0,
  ),
  imagesUnsentBytes: sharedCount(
    "images-unsent-bytes",
    512 * KiB * KiB,
    "made images that clients have not yet received; beyond it, the clients that take longest are cut off",
  ),
  derivedMemoryBytes: sharedCount(
    "derived-memory-bytes",
    64 * KiB * KiB,
    "made images that are kept in memory; it can't be switched off",
    KiB * KiB,
  ),
  derivedBytes: count(
    "derived-bytes",
    4096 * KiB * KiB,
    "made images that all processes together keep in the data folder; the least recently used are deleted first; 0 for none",
    0,
  ),
  compressedBytes: count(
    "compressed-bytes",
    10 * KiB * KiB,
    "size of a text, or of another compressible file, that is delivered compressed; 0 for none",
    0,
  ),
  compressions: sharedCount(
    "compressions",
    4,
    "files that are compressed at once; the others wait a second, and are then sent as they are",
  ),
  originBytes: count("origin-bytes", 40 * KiB * KiB, "size of a file that is read from an origin"),
  originReads: sharedCount(
    "origin-reads",
    32,
    "files that are read from origins at once, half of them for one account; the others wait 5 seconds and are then answered 503",
    2,
  ),
  originsMemoryBytes: sharedCount(
    "origins-memory-bytes",
    256 * KiB * KiB,
    "memory that files take together while they are read from origins",
  ),
  originMs: seconds("origin", 30, "time to read a file from an origin", 1),
  originFreshMs: seconds(
    "origin-fresh",
    300,
    "time for which a file that was read from an origin is delivered before the origin is asked again; 0 asks each time",
  ),
  virusScans: sharedCount("virus-scans", 4, "files that clamd scans at once; the others wait"),
  virusScanBytes: count(
    "virus-scan-bytes",
    100 * KiB * KiB,
    "size of a resumable upload that clamd scans; a larger one is refused when it is created, see docs/virus-scan.md",
  ),
  virusScanMs: seconds("virus-scan", 120, "time to scan one file, without the wait for its turn", 1),
  virusScanSilenceMs: seconds(
    "virus-scan-silence",
    60,
    "time that clamd may take to answer, or to take a piece of the file",
    1,
  ),
  extensionWaitMs: seconds(
    "extension-wait",
    3,
    "time that an answer waits for the tags that extensions are to find; 0 for no wait",
  ),
  extensionMs: {
    ...seconds("extension", 60, `time of one attempt at an extension, at most ${maxExtensionSeconds}`, 1),
    max: maxExtensionSeconds,
  },
  extensionAnswerBytes: count("extension-answer-bytes", KiB * KiB, "answer of an extension's endpoint, without files"),
  aiEffectMs: {
    ...seconds("ai-effect", 120, `time of one attempt at an effect of a model, at most ${maxAiEffectSeconds}`, 1),
    max: maxAiEffectSeconds,
  },
  aiEffectAnswerBytes: count(
    "ai-effect-answer-bytes",
    40 * KiB * KiB,
    "picture that the endpoint of an effect answers",
  ),
  eventsMs: seconds(
    "events",
    7 * 24 * hourSeconds,
    "time for which events, and the attempts to deliver them, are kept, so that events can be sent again",
    48 * hourSeconds,
  ),
  derivedSharedMs: seconds(
    "derived-shared",
    14 * 24 * hourSeconds,
    "time for which made images are kept in the bucket, whatever their size; it can't be switched off",
    hourSeconds,
  ),
  derivedWaitMs: seconds(
    "derived-wait",
    1,
    "time that a request waits for the bucket before the image is made instead; 0 for making each image that this node lacks",
  ),
  videoWaitMs: seconds(
    "video-wait",
    15,
    "time that a request waits for a video that is being encoded before it is led to the original; 0 for leading it there at once",
  ),
  encodes: count(
    "encodes",
    1,
    "videos that a server, or a `sluice worker`, encodes at once; 0 leaves all of them to others, which needs PostgreSQL",
    0,
  ),
  shutdownMs: seconds("shutdown", 30, "time that requests in flight may take after SIGTERM; 0 for ending them at once"),
  databaseConnections: sharedCount(
    "database-connections",
    20,
    "connections of a server to PostgreSQL, half of them for reading; its jobs have two more",
    2,
  ),
  databaseReserveBytes: count(
    "database-reserve-bytes",
    32 * KiB * KiB,
    "room on the disk of SQLite's file that is kept for deleting where that disk is full, at most an eighth of the room; 0 for none, see docs/operate/disk-full.md",
    0,
  ),
  databaseMs: seconds("database", 10, "time until PostgreSQL has connected, given a lock or run a statement", 1),
  folderObjects: count("folder-objects", 100_000, "files and folders in a folder that is copied, moved or deleted"),
  zipFiles: { ...count("zip-files", 10_000, "files of a ZIP that is downloaded, at most 100,000"), max: 100_000 },
  zipBytes: count("zip-bytes", 10 * 1024 * KiB * KiB, "bytes of all files of a ZIP that is downloaded"),
  zips: sharedCount("zips", 4, "ZIPs that an account downloads at once; one more is answered 429"),
  zipTicketMs: seconds("zip-ticket", 120, "time within which the download of a ZIP has to begin", 1),
  consoleIdleMs: seconds(
    "console-idle",
    12 * hourSeconds,
    "time after which a session of the console that is not used ends",
    60,
  ),
  consoleSessionMs: seconds(
    "console-session",
    7 * 24 * hourSeconds,
    "time after which a session of the console ends, however much it is used",
    60,
  ),
  consoleAttempts: sharedCount(
    "console-attempts",
    10,
    "failed attempts to sign in to the console from one address in five minutes, and ten times as many for one account; one more that fails is answered 429",
    5,
  ),
  storageBytes: count(
    "storage-bytes",
    0,
    "bytes that an account may store, all versions together, unless `sluice account set --storage` says otherwise; 0 for no limit",
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
