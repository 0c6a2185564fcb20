import parseRanges from "range-parser";

export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * What a request wants of `size` bytes. One range is served; several are answered with the whole, so that no pile of
 * overlapping ranges costs more than the file. A header that makes no sense is ignored (RFC 9110 §14.2).
 * @param etag strong
 * @returns undefined for the whole
 */
export function byteRange(
  headers: { readonly range?: string | undefined; readonly "if-range"?: string | string[] | undefined },
  size: number,
  etag: string,
): ByteRange | "unsatisfiable" | undefined {
  const { range } = headers;
  if (range === undefined || range.includes(",") || !/^bytes=/i.test(range)) return undefined;
  // A time can't vouch for bytes: two versions may fall into its second (RFC 9110 §8.8.2.2).
  if (headers["if-range"] !== undefined && headers["if-range"] !== etag) return undefined;
  // More than there is from the end is everything (RFC 9110 §14.1.2); the parser calls it unsatisfiable.
  const suffix = /^bytes=\s*-\s*(\d+)\s*$/i.exec(range)?.[1];
  if (suffix !== undefined && Number(suffix) > size) return { start: 0, end: size - 1 };
  const ranges = parseRanges(size, range);
  if (ranges === -2) return undefined;
  return ranges === -1 ? "unsatisfiable" : ranges[0];
}
