import { createHash } from "node:crypto";

/** A file as the seeded library has it. All of it follows from the file's number, so two runs make the same library. */
export interface SeededFile {
  readonly id: string;
  readonly folder: number;
  readonly name: string;
  readonly createdAt: number;
  readonly size: number;
  readonly mime: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly tags: readonly string[];
  readonly aiTags: readonly string[];
  readonly customMetadata: Readonly<Record<string, string | number>> | undefined;
  readonly embeddedMetadata: Readonly<Record<string, unknown>> | undefined;
  readonly isPrivate: boolean;
  readonly objectVersion: string;
  readonly sha256: Buffer;
  readonly storageKey: string;
}

/** The folder number 0 holds this share of all files, the others about 500 each. */
const largeFolderShare = 0.1;
const filesPerFolder = 500;

export function folderCount(files: number): number {
  return 1 + Math.max(10, Math.round((files * (1 - largeFolderShare)) / filesPerFolder));
}

export const seededFields = {
  rating: { type: "Number" },
  client: { type: "SingleSelect", selectOptions: Array.from({ length: 50 }, (_, index) => `Client ${index}`) },
  expires: { type: "Date" },
} as const;

const end = Date.UTC(2026, 0, 1);
const threeYearsMs = 3 * 365 * 86_400_000;

const types = [
  ["image/jpeg", "jpg", 0.8],
  ["image/png", "png", 0.1],
  ["application/pdf", "pdf", 0.05],
  ["video/mp4", "mp4", 0.05],
] as const;

const syllables = "ka lo mi ru ten sha ver pol din ga fre sto ma ni bel cor".split(" ");
const word = (index: number): string =>
  `${syllables[index % 16]}${syllables[(index >> 4) % 16]}${syllables[(index >> 8) % 16] ?? ""}`;

const widths = [640, 1080, 1920, 3000, 4000, 6000] as const;
const scripts = ["東京", "привет", "café", "हिन्दी"] as const;

/** @param of how many files the library gets, over which their times are spread */
export function seededFile(number: number, of: number): SeededFile {
  const random = randomOf(number);
  const digest = createHash("sha256").update(`file ${number}`).digest();
  const hex = digest.toString("hex");
  const createdAt = Math.floor(end - threeYearsMs + (number * threeYearsMs) / of);
  const [mime, ending] = choose(types, random());
  const isImage = mime.startsWith("image/");
  const script = random() < 0.05 ? `${scripts[Math.floor(random() * scripts.length)]}-` : "";
  const width = isImage ? (widths[Math.floor(random() * widths.length)] ?? null) : null;
  return {
    id: idAt(createdAt, hex),
    folder: number % (1 / largeFolderShare) === 0 ? 0 : 1 + Math.floor(random() * (folderCount(of) - 1)),
    name: `${script}${word(skewed(random(), 4096))}-${word(skewed(random(), 4096))}_${number}.${ending}`,
    createdAt,
    size: Math.round(10 ** (4 + 3 * random())),
    mime,
    width,
    height: width === null ? null : Math.round((width * 2) / 3),
    tags: tagsOf(number, random),
    aiTags: random() < 0.3 ? [`scene ${skewed(random(), 200)}`, word(skewed(random(), 100))] : [],
    customMetadata: random() < 0.3 ? customOf(createdAt, random) : undefined,
    embeddedMetadata: mime === "image/jpeg" && random() < 0.5 ? embeddedOf(createdAt, random) : undefined,
    isPrivate: random() < 0.05,
    objectVersion: hex.slice(0, 32),
    sha256: digest,
    storageKey: hex.slice(0, 34),
  };
}

/** Common tags, and one in twenty files with a tag that few others have. */
function tagsOf(number: number, random: () => number): string[] {
  const common = Array.from({ length: Math.floor(random() * 4) }, () => `tag ${skewed(random(), 300)}`);
  return [...new Set([...common, ...(number % 20 === 0 ? [`rare ${number % 100_000}`] : [])])];
}

function customOf(createdAt: number, random: () => number) {
  return {
    rating: Math.floor(random() * 1000) / 10,
    client: `Client ${skewed(random(), 50)}`,
    expires: new Date(createdAt + random() * threeYearsMs).toISOString(),
  };
}

function embeddedOf(createdAt: number, random: () => number) {
  const place =
    random() < 0.5
      ? {}
      : {
          GPSLatitude: Math.round(random() * 1.2e6) / 1e4 - 60,
          GPSLongitude: Math.round(random() * 3.6e6) / 1e4 - 180,
        };
  return {
    DateTimeOriginal: new Date(createdAt - random() * 1e9).toISOString(),
    Keywords: [`keyword ${skewed(random(), 200)}`],
    Make: "Camera",
    ...place,
  };
}

/** An id as the server makes it: the time in seconds and milliseconds, then random digits. */
export function idAt(time: number, hex: string): string {
  const seconds = Math.floor(time / 1000)
    .toString(16)
    .padStart(8, "0");
  return `${seconds}${(time % 1000).toString(16).padStart(3, "0")}${hex.slice(-13)}`;
}

/** A whole number below `count`; small ones are much more frequent, as words and tags are. */
function skewed(random: number, count: number): number {
  return Math.floor(count * random ** 3);
}

function choose<Choice extends readonly [unknown, unknown, number]>(
  choices: readonly Choice[],
  random: number,
): Choice {
  let rest = random;
  for (const choice of choices) {
    rest -= choice[2];
    if (rest < 0) return choice;
  }
  return choices[0] as Choice;
}

/** A small generator of random numbers (mulberry32), begun by the file's number. */
function randomOf(seed: number): () => number {
  let state = (seed * 0x9e37_79b1) >>> 0;
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
