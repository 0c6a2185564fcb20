import { parseTransformation } from "@sluice/grammar";
import sharp, { type Sharp } from "sharp";
import { expect } from "vitest";
import { defaultDelivery } from "../image/plan/choose-output.ts";
import type { ImageTransformation } from "../image/plan/plan.ts";
import { readTransformation } from "../image/plan/read-transformation.ts";
import type { StepParameters } from "../image/plan/step-parameters.ts";
import { type RenderContext, renderImage } from "../image/render/render-image.ts";

export type Pixel = readonly [red: number, green: number, blue: number, alpha?: number];

export const red: Pixel = [220, 30, 30];
export const green: Pixel = [30, 200, 30];
export const blue: Pixel = [30, 30, 220];
export const yellow: Pixel = [230, 220, 40];

/** A picture with red and green above blue and yellow, so that every turn, flip and cut shows. */
export function quadrants(width: number, height: number): Sharp {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      data.set(quadrantAt(x / width, y / height), (y * width + x) * 3);
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

function quadrantAt(x: number, y: number): [number, number, number] {
  const [[r, g, b]] = [y < 0.5 ? (x < 0.5 ? red : green) : x < 0.5 ? blue : yellow];
  return [r, g, b];
}

export function plain(width: number, height: number, background: string): Sharp {
  return sharp({ create: { width, height, channels: 4, background } });
}

/** An animation whose frames have one colour each. */
export function animation(colours: readonly Pixel[], width: number, height: number): Sharp {
  const frames = colours.map((colour) => Buffer.alloc(width * height * 3, Buffer.from(colour.slice(0, 3) as number[])));
  return sharp(Buffer.concat(frames), {
    raw: { width, height: height * colours.length, channels: 3, pageHeight: height },
  });
}

/** A lossless output, so that pixels can be compared. */
const exact = { format: "png", lossless: true } as const;

export const renderContext: RenderContext = {
  accepted: { webp: false, avif: false },
  settings: defaultDelivery,
  hints: {},
  area: undefined,
  limits: {
    pixels: 100_000_000,
    frames: 100,
    animationPixels: 100_000_000,
    steps: 32,
    layers: 20,
    memoryBytes: 256 * 1024 * 1024,
    milliseconds: 20_000,
    animationMilliseconds: 20_000,
  },
  spentMs: 0,
  take: async () => undefined,
  onMade: () => undefined,
  askAi: async ({ effect }) => {
    throw new Error(`nobody does ${effect}`);
  },
};

export async function render(
  source: Sharp | Buffer,
  transformation: Partial<ImageTransformation>,
  context: Partial<RenderContext> = {},
  signal = new AbortController().signal,
) {
  const bytes = Buffer.isBuffer(source) ? source : await source.png().toBuffer();
  const whole = { steps: [], output: {}, ...transformation };
  return renderImage(bytes, whole, { ...renderContext, ...context }, signal);
}

/** Renders steps to pixels, and checks that the picture has the size that the rendering states. */
export async function renderPixels(
  source: Sharp | Buffer,
  steps: readonly StepParameters[],
  context?: Partial<RenderContext>,
): Promise<Pixels> {
  const { data, width, height } = await render(source, { steps, output: exact }, context);
  const pixels = await readPixels(data);
  expect([pixels.width, pixels.height]).toEqual([width, height]);
  return pixels;
}

/** Renders a transformation, without its output, to pixels. */
export async function pixelsOf(text: string, source: Sharp | Buffer, format = "f-png,lo-true"): Promise<Pixels> {
  const { data } = await render(source, readTransformation(parseTransformation(`${text},${format}`)));
  return readPixels(data);
}

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** The pixel with its alpha, in the given frame. */
  readonly at: (x: number, y: number, frame?: number) => Pixel;
}

export async function readPixels(bytes: Buffer): Promise<Pixels> {
  const { data, info } = await sharp(bytes, { animated: true })
    .toColourspace("srgb")
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width } = info;
  const height = info.pageHeight ?? info.height;
  return {
    width,
    height,
    at(x, y, frame = 0) {
      const at = ((frame * height + y) * width + x) * 4;
      const [r = 0, g = 0, b = 0, alpha = 0] = data.subarray(at, at + 4);
      return [r, g, b, alpha];
    },
  };
}

/** Expects a colour that looks the same. Encoders and resampling leave small differences. */
export function expectColour(actual: Pixel, expected: Pixel, tolerance = 6): void {
  const difference = Math.max(...expected.map((value = 255, channel) => Math.abs(value - (actual[channel] ?? 255))));
  expect(difference, `${actual} instead of ${expected}`).toBeLessThanOrEqual(tolerance);
}
