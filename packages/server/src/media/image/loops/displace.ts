import type { Raster } from "./raster.ts";
import { remap } from "./remap.ts";

/** Moves the pixels of a picture by the colours of a map that lies on it. */
export interface Displacement {
  readonly kind: "displace";
  readonly map: Omit<Raster, "count">;
  /** The place of the map's left top corner on the picture. */
  readonly left: number;
  readonly top: number;
  /** The shift in pixels where the map is full of red or green. Without red or green it is the opposite. */
  readonly x: number;
  readonly y: number;
}

/** The value of a channel that shifts nothing, and the distance from there to the full shift. */
const middle = 128;
const reach = 127;

/**
 * Shows at each place the pixel that lies further right by the map's red, and further down by its green
 * (docs/protocol/transformations.md §6.2). Where the map is transparent it shifts less. The edges of the picture go on
 * beyond it.
 */
export function displace(raster: Raster, { map, left, top, x: byRed, y: byGreen }: Displacement): Raster {
  const { width, height } = raster;
  return remap(raster, width, height, (x, y, place) => {
    const across = Math.floor(x) - left;
    const down = Math.floor(y) - top;
    const isOnMap = across >= 0 && down >= 0 && across < map.width && down < map.height;
    const at = (down * map.width + across) * map.channels;
    const strength = isOnMap ? (map.channels === 4 ? (map.data[at + 3] ?? 0) : 255) / 255 / reach : 0;
    const toRight = strength === 0 ? 0 : ((map.data[at] ?? 0) - middle) * strength * byRed;
    const downwards = strength === 0 ? 0 : ((map.data[at + 1] ?? 0) - middle) * strength * byGreen;
    place[0] = Math.min(Math.max(x + toRight, 0.5), width - 0.5);
    place[1] = Math.min(Math.max(y + downwards, 0.5), height - 0.5);
  });
}
