import type { IncomingHttpHeaders } from "node:http";
import type { ClientHints } from "../../media/image/plan/target-size.ts";

const widths = { min: 1, max: 65_535 };
const densities = { min: 0.1, max: 5 };

/** Reads the client hints (docs/protocol/delivery.md §9.4). An invalid hint counts as not sent. */
export function readClientHints(headers: IncomingHttpHeaders): ClientHints {
  return { width: read(headers["sec-ch-width"], widths), dpr: read(headers["sec-ch-dpr"], densities) };
}

function read(
  header: string | string[] | undefined,
  { min, max }: { readonly min: number; readonly max: number },
): number | undefined {
  const number = typeof header === "string" && /^\d{1,9}(\.\d{1,9})?$/.test(header.trim()) ? Number(header) : 0;
  return number >= min && number <= max ? number : undefined;
}

/**
 * The actual pixel density of a delivered image for whose width the client sent a hint.
 * @returns undefined where the client sent no such hint
 */
export function contentDpr({ width, dpr = 1 }: ClientHints, delivered: number): string | undefined {
  return width === undefined ? undefined : String(Number((delivered / (width / dpr)).toFixed(2)));
}
