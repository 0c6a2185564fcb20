import { randomDigits } from "./random-digits.ts";

/**
 * A new id for a file, version, folder or any other row: 24 lower-case hex digits. The first eight are the time in
 * seconds (docs/protocol/media-api.md §1), the next three its milliseconds, the rest random. Ids are in the order of
 * time, so that rows of one moment share their pages in the database: each page that a commit changes is written to the
 * log.
 */
export function newId(now: number = Date.now()): string {
  const seconds = (Math.floor(now / 1000) >>> 0).toString(16).padStart(8, "0");
  const milliseconds = (Math.floor(now) % 1000).toString(16).padStart(3, "0");
  return seconds + milliseconds + randomDigits().slice(0, 13);
}

/** The ids of all rows from before this time sort before this text. */
export function firstId(at: number): string {
  return newId(Math.max(0, at)).slice(0, 11);
}

export function isId(text: string): boolean {
  return /^[0-9a-f]{24}$/.test(text);
}
