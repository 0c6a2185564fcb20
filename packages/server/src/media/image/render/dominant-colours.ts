import sharp, { type Sharp } from "sharp";
import { type Frames, frameImage } from "../pixels/frames.ts";
import type { Region, Size } from "../pixels/geometry.ts";
import type { Work } from "../pixels/work.ts";

/**
 * A canvas in the most frequent colours of a picture's edges. One colour is that of all edges together. Two colours
 * make a gradient between the two edges that face each other across the padding, and four one between the four
 * corners.
 */
export async function dominantBackdrop(frame: Frames, canvas: Size, colours: 1 | 2 | 4, work: Work): Promise<Sharp> {
  const { width, height, strips } = layouts[colours](frame, canvas);
  const pixels: number[] = [];
  for (const strip of strips) pixels.push(...(await dominantColour(frame, strip, work)));
  return sharp(Buffer.from(pixels), { raw: { width, height, channels: 3 } }).resize({
    ...canvas,
    fit: "fill",
    kernel: "linear",
  });
}

/**
 * The smallest image that makes the gradient when it is enlarged. For each of its pixels, `strips` has the regions in
 * which the pixel's colour is found.
 */
interface Layout extends Size {
  readonly strips: readonly (readonly Region[])[];
}

const layouts = {
  1: (frame) => ({ width: 1, height: 1, strips: [Object.values(edges(frame))] }),
  2: (frame, canvas) => {
    const { top, right, bottom, left } = edges(frame);
    return canvas.width - frame.width > canvas.height - frame.height
      ? { width: 2, height: 1, strips: [[left], [right]] }
      : { width: 1, height: 2, strips: [[top], [bottom]] };
  },
  4: (frame) => ({ width: 2, height: 2, strips: corners(frame).map((corner) => [corner]) }),
} as const satisfies Record<1 | 2 | 4, (frame: Size, canvas: Size) => Layout>;

/** A strip takes this fraction of a side: one fiftieth along an edge, one eighth in a corner. */
const edgeShare = 50;
const cornerShare = 8;

function edges({ width, height }: Size) {
  const across = Math.ceil(width / edgeShare);
  const down = Math.ceil(height / edgeShare);
  return {
    top: { left: 0, top: 0, width, height: down },
    right: { left: width - across, top: 0, width: across, height },
    bottom: { left: 0, top: height - down, width, height: down },
    left: { left: 0, top: 0, width: across, height },
  };
}

/** The four corners, row by row. */
function corners(size: Size): Region[] {
  const width = Math.ceil(size.width / cornerShare);
  const height = Math.ceil(size.height / cornerShare);
  const [right, bottom] = [size.width - width, size.height - height];
  return [
    { left: 0, top: 0, width, height },
    { left: right, top: 0, width, height },
    { left: 0, top: bottom, width, height },
    { left: right, top: bottom, width, height },
  ];
}

/** The middle of the most frequent of 4096 colour ranges is near enough for one strip. Several strips count as one. */
async function dominantColour(frame: Frames, strips: readonly Region[], work: Work): Promise<[number, number, number]> {
  const cut = await Promise.all(
    strips.map((strip) => work.bound(frameImage(frame)).removeAlpha().extract(strip).raw().toBuffer()),
  );
  const data = Buffer.concat(cut);
  const { dominant } = await sharp(data, { raw: { width: data.length / 3, height: 1, channels: 3 } }).stats();
  return [dominant.r, dominant.g, dominant.b];
}
