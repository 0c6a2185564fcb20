import parseRanges from "range-parser";

export interface RequestedRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads which of `size` bytes a request wants. A single range is served. Several ranges are answered with the whole, so
 * that many overlapping ranges can't cost more than the file. A malformed header is ignored (RFC 9110 §14.2).
 * @param etag strong
 * @returns undefined for the whole
 */
export function requestedRange(
  headers: { readonly range?: string | undefined; readonly "if-range"?: string | string[] | undefined },
  size: number,
  etag: string,
): RequestedRange | "unsatisfiable" | undefined {
  const { range } = headers;
  if (range === undefined || range.includes(",") || !/^bytes=/i.test(range)) return undefined;
  // A time doesn't identify the bytes, because two versions may fall into the same second (RFC 9110 §8.8.2.2).
  if (headers["if-range"] !== undefined && headers["if-range"] !== etag) return undefined;
  // A suffix longer than the file means the whole file (RFC 9110 §14.1.2), but the parser calls it unsatisfiable.
  const suffix = /^bytes=\s*-\s*(\d+)\s*$/i.exec(range)?.[1];
  if (suffix !== undefined && Number(suffix) > size) return { start: 0, end: size - 1 };
  const ranges = parseRanges(size, range);
  if (ranges === -2) return undefined;
  return ranges === -1 ? "unsatisfiable" : ranges[0];
}
