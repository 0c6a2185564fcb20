import type { Raster } from "./raster.ts";

/**
 * Finds the place in the source that shows at a place of the result. Both are counted from the left top corner, so the
 * middle of the first pixel is at 0.5. It writes x and y to `place`, in a loop over all pixels.
 */
export type Mapping = (x: number, y: number, place: Float64Array) => void;

/**
 * Draws a picture in another shape. What lies outside of the source is transparent, and its edges are smooth. Each frame
 * is drawn alike.
 */
export function remap(source: Raster, width: number, height: number, at: Mapping): Raster {
  const { count } = source;
  const data = new Uint8Array(width * height * 4 * count);
  const place = new Float64Array(2);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      at(x + 0.5, y + 0.5, place);
      // Counted between the middles of pixels.
      const left = (place[0] ?? 0) - 0.5;
      const top = (place[1] ?? 0) - 0.5;
      const isOutside = !(left > -1 && top > -1 && left < source.width && top < source.height);
      if (isOutside) continue;
      for (let frame = 0; frame < count; frame += 1) {
        sample(source, frame, left, top, data, ((frame * height + y) * width + x) * 4);
      }
    }
  }
  return { data, width, height, channels: 4, count };
}

/** Mixes the four pixels around a place. A transparent pixel lends no colour. */
function sample(source: Raster, frame: number, left: number, top: number, data: Uint8Array, out: number): void {
  const { width, height, channels } = source;
  const x = Math.floor(left);
  const y = Math.floor(top);
  let red = 0;
  let green = 0;
  let blue = 0;
  let alpha = 0;
  for (let down = Math.max(y, 0); down <= y + 1 && down < height; down += 1) {
    const shareDown = 1 - Math.abs(top - down);
    for (let across = Math.max(x, 0); across <= x + 1 && across < width; across += 1) {
      const at = ((frame * height + down) * width + across) * channels;
      const opacity = channels === 4 ? (source.data[at + 3] ?? 0) : 255;
      const weight = shareDown * (1 - Math.abs(left - across)) * opacity;
      red += weight * (source.data[at] ?? 0);
      green += weight * (source.data[at + 1] ?? 0);
      blue += weight * (source.data[at + 2] ?? 0);
      alpha += weight;
    }
  }
  if (alpha === 0) return;
  data[out] = Math.round(red / alpha);
  data[out + 1] = Math.round(green / alpha);
  data[out + 2] = Math.round(blue / alpha);
  data[out + 3] = Math.round(alpha);
}
