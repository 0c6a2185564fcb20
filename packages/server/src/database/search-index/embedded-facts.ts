import type { IndexRow } from "./row.ts";
import { cellTerm } from "./terms.ts";

/** The part of a picture's own metadata that searches ask for. */
export interface EmbeddedFacts {
  readonly columns: Partial<Pick<IndexRow, "taken_at" | "latitude" | "longitude" | "place_x" | "place_y" | "place_z">>;
  readonly keywords: readonly string[];
  /** Besides those of the keywords and of `taken_at`. */
  readonly terms: readonly string[];
}

/** More keywords than this are no description of a picture. They would cost an upload more than the picture does. */
const maxKeywords = 200;

export function embeddedFacts(json: string): EmbeddedFacts {
  const metadata = JSON.parse(json) as Readonly<Record<string, unknown>>;
  const time = typeof metadata.DateTimeOriginal === "string" ? Date.parse(metadata.DateTimeOriginal) : Number.NaN;
  const { columns, terms } = placeOf(metadata.GPSLatitude, metadata.GPSLongitude);
  return {
    columns: { ...columns, taken_at: Number.isFinite(time) ? time : null },
    keywords: textsOf(metadata.Keywords),
    terms,
  };
}

function textsOf(value: unknown): string[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = items.filter((item): item is string => typeof item === "string" && item !== "");
  return [...new Set(texts)].slice(0, maxKeywords);
}

/**
 * The place as degrees, for searches in a box, and as a point on a sphere, for searches around a point. The distance of
 * two points is sums and products then, of which both databases make the same number.
 */
function placeOf(latitude: unknown, longitude: unknown): Pick<EmbeddedFacts, "columns" | "terms"> {
  if (typeof latitude !== "number" || typeof longitude !== "number") return { columns: {}, terms: [] };
  if (!(Math.abs(latitude) <= 90) || !(Math.abs(longitude) <= 180)) return { columns: {}, terms: [] };
  const { x, y, z } = pointOnSphere(latitude, longitude);
  const columns = { latitude, longitude, place_x: x, place_y: y, place_z: z };
  return { columns, terms: [cellTerm(latitude, longitude)] };
}

export function pointOnSphere(latitude: number, longitude: number) {
  const [phi, lambda] = [(latitude * Math.PI) / 180, (longitude * Math.PI) / 180];
  return { x: Math.cos(phi) * Math.cos(lambda), y: Math.cos(phi) * Math.sin(lambda), z: Math.sin(phi) };
}
