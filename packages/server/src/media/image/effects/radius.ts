import type { Size } from "../pixels/geometry.ts";
import { effect } from "./effect.ts";

/** Pixels, at most half of the short side; `max` makes an ellipse. */
type Radius = number | "max";

/** One value for each corner, clockwise from the top left one. */
type Corners<Corner> = readonly [Corner, Corner, Corner, Corner];

/** Horizontal and vertical radius of one corner. */
interface CornerRadius {
  readonly x: number;
  readonly y: number;
}

/** `r` rounds the corners. The pixels that it cuts off become transparent. */
export const radius = effect({
  key: "r",
  name: "radius",
  msPerMegapixel: 50,
  read: (corners): Corners<Radius> => {
    const [all] = corners;
    return corners.length === 1 ? [all, all, all, all] : corners;
  },
  plan: (corners, { size }) => {
    if (corners.every((corner) => corner === 0)) return undefined;
    const radii = cornerRadii(size, corners);
    return {
      kind: "effect",
      addsAlpha: true,
      apply: (image, frame) => image.ensureAlpha().composite([{ input: cornerMask(frame, radii), blend: "dest-in" }]),
    };
  },
});

/** The radii of the corners, clockwise from the top left one, of a picture of this size. */
export function cornerRadii({ width, height }: Size, corners: Corners<Radius>): Corners<CornerRadius> {
  const maxRadius = Math.min(width, height) / 2;
  const corner = (wanted: Radius) => {
    const limited = wanted === "max" ? undefined : Math.min(wanted, maxRadius);
    return { x: limited ?? width / 2, y: limited ?? height / 2 };
  };
  const [topLeft, topRight, bottomRight, bottomLeft] = corners;
  return [corner(topLeft), corner(topRight), corner(bottomRight), corner(bottomLeft)];
}

/** A mask that is opaque inside the rounded corners. */
function cornerMask({ width, height }: Size, radii: Corners<CornerRadius>): Buffer {
  const path = roundedPath({ width, height }, radii);
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><path d="${path}"/></svg>`,
  );
}

/** The outline of a rectangle with rounded corners, as the path of a drawing. */
export function roundedPath({ width, height }: Size, corners: Corners<CornerRadius>): string {
  const [topLeft, topRight, bottomRight, bottomLeft] = corners;
  return [
    `M${topLeft.x},0`,
    `H${width - topRight.x}`,
    arc(topRight, width, topRight.y),
    `V${height - bottomRight.y}`,
    arc(bottomRight, width - bottomRight.x, height),
    `H${bottomLeft.x}`,
    arc(bottomLeft, 0, height - bottomLeft.y),
    `V${topLeft.y}`,
    arc(topLeft, topLeft.x, 0),
    "Z",
  ].join(" ");
}

function arc({ x: across, y: down }: CornerRadius, x: number, y: number): string {
  return `A${across},${down} 0 0 1 ${x},${y}`;
}
