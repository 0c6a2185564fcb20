import type { Raster } from "./raster.ts";

/** Draws the shadow that an upright picture throws on the ground, without the picture itself. */
export interface CastShadow {
  readonly kind: "cast-shadow";
  /** The shift of the shadow to the right, for each pixel of height above the ground. */
  readonly right: number;
  /** The shift of the shadow downwards in the picture, for each pixel of height. It is not 0. */
  readonly down: number;
  /** The share of black, 0 to 1. */
  readonly opacity: number;
}

/** A pixel that is at least so opaque stands on the ground. Softer pixels are a glow or a noise. */
const standingOpacity = 128;

/**
 * The ground begins at the lowest row of each frame that has an opaque pixel. A frame without one has no shadow. What
 * lies outside of the picture is cut off.
 */
export function castShadow(source: Raster, shadow: CastShadow): Raster {
  const { width, height, count } = source;
  const data = new Uint8Array(width * height * 4 * count);
  if (source.channels === 4) for (let frame = 0; frame < count; frame += 1) castFrame(source, frame, shadow, data);
  return { data, width, height, channels: 4, count };
}

function castFrame(source: Raster, frame: number, { right, down, opacity }: CastShadow, data: Uint8Array): void {
  const { width, height } = source;
  const ground = findGround(source, frame);
  for (let y = 0; y < height; y += 1) {
    // Counted between the middles of pixels, as `x` is.
    const above = (y + 0.5 - ground) / down;
    if (above < 0 || above > ground) continue;
    for (let x = 0; x < width; x += 1) {
      const alpha = alphaAt(source, frame, x - above * right, ground - above - 0.5);
      data[((frame * height + y) * width + x) * 4 + 3] = Math.round(alpha * opacity);
    }
  }
}

/** @returns the lower edge of the lowest opaque row; 0 where there is none */
function findGround({ data, width, height }: Raster, frame: number): number {
  for (let y = height - 1; y >= 0; y -= 1) {
    const row = (frame * height + y) * width;
    for (let x = 0; x < width; x += 1) if ((data[(row + x) * 4 + 3] ?? 0) >= standingOpacity) return y + 1;
  }
  return 0;
}

/** Mixes the opacity of the four pixels around a place. Everything outside of the picture is transparent. */
function alphaAt({ data, width, height }: Raster, frame: number, left: number, top: number): number {
  const x = Math.floor(left);
  const y = Math.floor(top);
  if (x < -1 || x >= width || y < -1 || y >= height) return 0;
  const at = (across: number, down: number): number =>
    across < 0 || across >= width || down < 0 || down >= height
      ? 0
      : (data[((frame * height + down) * width + across) * 4 + 3] ?? 0);
  const [byX, byY] = [left - x, top - y];
  const upper = at(x, y) * (1 - byX) + at(x + 1, y) * byX;
  const lower = at(x, y + 1) * (1 - byX) + at(x + 1, y + 1) * byX;
  return upper * (1 - byY) + lower * byY;
}
