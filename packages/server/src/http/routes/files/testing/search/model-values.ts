import type { LibraryObject } from "./library-object.ts";

/** The formats of the types that the random library has. */
const formats: Readonly<Record<string, string>> = {
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/webp": "webp",
  "image/gif": "gif",
  "image/svg+xml": "svg",
  "image/avif": "avif",
  "application/pdf": "pdf",
  "text/css": "css",
  "video/mp4": "mp4",
};

/** A plain text is named by its ending, as far as the library has such endings. */
export function formatOf(mime: string, name: string): string | undefined {
  return mime === "text/plain" && name.endsWith(".txt") ? "txt" : formats[mime];
}

/** The span of a date as queries write it: its day, minute, second or millisecond in UTC. */
export function spanOf(written: string): readonly [from: number, before: number] {
  const lengths: Readonly<Record<number, number>> = { 10: 86_400_000, 16: 60_000, 19: 1000, 24: 1 };
  const from = Date.parse(written.length === 10 ? written : `${written.replace("Z", "")}Z`);
  return [from, from + (lengths[written.length] ?? Number.NaN)];
}

/** The moment that lies so far back. */
export function momentOf(age: string, now: number): number {
  const count = Number.parseInt(age, 10);
  const unit = age.at(-1);
  if (unit === "h") return now - count * 3_600_000;
  if (unit === "d") return now - count * 86_400_000;
  if (unit === "w") return now - count * 7 * 86_400_000;
  const date = new Date(now);
  const months = date.getUTCFullYear() * 12 + date.getUTCMonth() - (unit === "y" ? 12 : 1) * count;
  const [year, month] = [Math.floor(months / 12), months % 12];
  const day = Math.min(date.getUTCDate(), new Date(Date.UTC(year, month + 1, 0)).getUTCDate());
  return Date.UTC(year, month, day) + (now % 86_400_000);
}

/** A custom Date field's value, with its zone if it names one. */
export function timeOfCustomDate(value: string): number {
  const isLocal = value.length > 10 && !/Z$|[+-]\d\d:\d\d$/.test(value);
  return Date.parse(isLocal ? `${value}Z` : value);
}

/** Latitude and longitude of a picture. */
export function placeOf({ embedded }: LibraryObject): readonly [number, number] | undefined {
  const { GPSLatitude: latitude, GPSLongitude: longitude } = embedded;
  return typeof latitude === "number" && typeof longitude === "number" ? [latitude, longitude] : undefined;
}

/** The great-circle distance in metres. */
export function distance(
  [latitude, longitude]: readonly [number, number],
  [toLatitude, toLongitude]: readonly [number, number],
) {
  const radians = Math.PI / 180;
  const half = (angle: number) => Math.sin((angle * radians) / 2) ** 2;
  const chord =
    half(toLatitude - latitude) +
    Math.cos(latitude * radians) * Math.cos(toLatitude * radians) * half(toLongitude - longitude);
  return 2 * 6_371_000 * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/** The bytes of UTF-8 in order, as both databases sort texts. */
export function compareTexts(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

/** An option in each of its spellings: neither quotes nor zeros tell the text 1 from the number. */
export function sameOption(one: unknown, other: unknown): boolean {
  const [a, b] = [String(one), String(other)];
  return a === b || (a !== "" && b !== "" && Number(a) === Number(b));
}
