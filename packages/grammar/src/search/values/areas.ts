import type { Literal } from "../../expressions/literals.ts";
import type { Box, Circle } from "../search-query.ts";

interface Point {
  readonly latitude: number;
  readonly longitude: number;
}

const number = String.raw`-?(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?`;
const point = new RegExp(String.raw`^\s*(${number})\s*,\s*(${number})\s*$`, "i");
const circle = new RegExp(String.raw`^\s*(${number}\s*,\s*${number})\s+(${number})\s?(m|km|mi|ft)\s*$`, "i");

const metresOf: Readonly<Record<string, number>> = { m: 1, km: 1000, mi: 1609.344, ft: 0.3048 };

/**
 * Reads a circle (`"48.85,2.35 5km"`), a box by two opposite corners (`"48,2 | 49,3"`) or a box by its four corners
 * (docs/protocol/media-api.md §4.1). Returns undefined for four points that aren't the corners of a box.
 */
export function readArea({ text }: Literal): Circle | Box | undefined {
  const [, centre, radius, unit = ""] = circle.exec(text) ?? [];
  if (centre !== undefined) return readCircle(centre, Number(radius) * (metresOf[unit.toLowerCase()] ?? Number.NaN));
  const points = text.split("|", 5).map(readPoint);
  return points.every((corner) => corner !== undefined) ? boxOf(points) : undefined;
}

function readCircle(centre: string, metres: number): Circle | undefined {
  const at = readPoint(centre);
  if (at === undefined || !(metres > 0) || metres === Number.POSITIVE_INFINITY) return undefined;
  return { shape: "circle", ...at, metres };
}

function readPoint(text: string): Point | undefined {
  const [, ...coordinates] = point.exec(text) ?? [];
  // Turns minus zero into zero: it isn't a value of its own.
  const [latitude = Number.NaN, longitude = Number.NaN] = coordinates.map((coordinate) => Number(coordinate) + 0);
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : undefined;
}

function boxOf(points: readonly Point[]): Box | undefined {
  const latitudes = points.map(({ latitude }) => latitude);
  const longitudes = points.map(({ longitude }) => longitude);
  const box: Box = {
    shape: "box",
    south: Math.min(...latitudes),
    north: Math.max(...latitudes),
    west: Math.min(...longitudes),
    east: Math.max(...longitudes),
  };
  return points.length === 2 || (points.length === 4 && areCorners(points, box)) ? box : undefined;
}

/** Whether each corner of the box is among the points. */
function areCorners(points: readonly Point[], { south, north, west, east }: Box): boolean {
  return [south, north].every((latitude) =>
    [west, east].every((longitude) =>
      points.some((corner) => corner.latitude === latitude && corner.longitude === longitude),
    ),
  );
}

/** Writes an area so that it is read as the same one. */
export function writeArea(area: Circle | Box): string {
  if (area.shape === "circle") return `${area.latitude},${area.longitude} ${area.metres}m`;
  return `${area.south},${area.west} | ${area.north},${area.east}`;
}
