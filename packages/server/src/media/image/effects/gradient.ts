import { type Colour, readColour } from "../pixels/colour.ts";
import type { Size } from "../pixels/geometry.ts";
import { effect, readNumber } from "./effect.ts";

export interface Gradient {
  /** The direction towards `to`, in degrees: 0 is up and 90 is to the right. */
  readonly direction: number;
  readonly from: Colour;
  readonly to: Colour;
  /** The point at which `to` is reached. Up to 1 it is a fraction, above 1 it is pixels. */
  readonly stop: number;
}

/** `e-gradient` lays a gradient over the picture. */
export const gradient = effect({
  key: "e-gradient",
  name: "gradient",
  msPerMegapixel: 30,
  read: ({ direction, from, to, stop }): Gradient => ({
    direction,
    from: readColour(from),
    to: readColour(to),
    stop: readNumber(stop, "e-gradient"),
  }),
  plan: (asked) => ({
    kind: "effect",
    apply: (image, frame) => image.composite([{ input: drawGradient(frame, asked) }]),
  }),
});

/** The gradient begins and ends where lines across its direction touch the corners, as in CSS. */
function drawGradient({ width, height }: Size, { direction, from, to, stop }: Gradient): Buffer {
  const angle = (direction / 180) * Math.PI;
  const [across, down] = [Math.sin(angle), -Math.cos(angle)];
  const length = Math.abs(width * across) + Math.abs(height * down);
  const start = { x: width / 2 - (across * length) / 2, y: height / 2 - (down * length) / 2 };
  // Renderers make one mixed colour of a gradient without a length.
  const reach = Math.max(minReach, stop <= 1 ? stop * length : stop);
  const end = { x: start.x + across * reach, y: start.y + down * reach };
  const line = `x1="${plain(start.x)}" y1="${plain(start.y)}" x2="${plain(end.x)}" y2="${plain(end.y)}"`;
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><linearGradient id="g" ` +
      `gradientUnits="userSpaceOnUse" ${line}>${colourStop(0, from)}${colourStop(1, to)}</linearGradient>` +
      `<rect width="100%" height="100%" fill="url(#g)"/></svg>`,
  );
}

/** The shortest gradient, in pixels. */
const minReach = 0.01;

function colourStop(offset: number, { r, g, b, alpha }: Colour): string {
  return `<stop offset="${offset}" stop-color="rgb(${r},${g},${b})" stop-opacity="${alpha}"/>`;
}

/** A number without an exponent. */
function plain(value: number): string {
  return value.toFixed(3);
}
