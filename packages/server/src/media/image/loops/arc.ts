import { type Size, wholePixels } from "../pixels/geometry.ts";
import type { Raster } from "./raster.ts";
import { remap } from "./remap.ts";

export interface Arc {
  readonly kind: "arc";
  /** The angle by which the picture is bent, -360 to 360 and not 0. Its middle goes up when it is positive. */
  readonly degrees: number;
}

interface Ring {
  /** The radius of the circle on which the middle line of the picture lies. */
  readonly radius: number;
  /** The angle of one half of the picture, more than 0. */
  readonly half: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The ring on which a picture lies that is bent, and the size of the box around it. The picture's middle line keeps its
 * length unless the inner edge would have none.
 */
export function ringOf(size: Size, degrees: number): Ring {
  const half = (Math.abs(degrees) / 360) * Math.PI;
  const radius = Math.max(size.width / (2 * half), size.height / 2);
  const [outer, inner] = [radius + size.height / 2, radius - size.height / 2];
  const width = 2 * outer * Math.sin(Math.min(half, Math.PI / 2));
  const lowest = Math.min(inner * Math.cos(half), outer * Math.cos(half));
  return { radius, half, width: wholePixels(width), height: wholePixels(outer - lowest) };
}

/** Bends a picture around a circle. */
export function arc(raster: Raster, { degrees }: Arc): Raster {
  const { radius, half, width, height } = ringOf(raster, degrees);
  const outer = radius + raster.height / 2;
  const up = degrees > 0;
  return remap(raster, width, height, (x, y, place) => {
    const across = x - width / 2;
    const down = (up ? y : height - y) - outer;
    const distance = outer - Math.hypot(across, down);
    place[0] = raster.width * (0.5 + Math.atan2(across, -down) / (2 * half));
    place[1] = up ? distance : raster.height - distance;
  });
}
