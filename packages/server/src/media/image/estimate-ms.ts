import { everyStep, type Parameters, type Transformation } from "@sluice/grammar";
import { effectsMsPerMegapixel } from "./effects/effects.ts";

/** The processor times were measured with photographs on one core, in milliseconds. */
const perPictureMs = 15;
const perByteMs = 1e-5;
/** A megapixel of a source that is read whole, and of a result that has another size than the source. */
const perSourceMegapixelMs = 10;
const perMegapixelMs = 40;
const perLayerMs = 50;

/** A byte of a photograph holds this many pixels. */
const pixelsPerByte = 5;
const mostMegapixels = 100;

/** Trimming reads each pixel, before all effects. */
const perTrimmedMegapixelMs = 125;

/** The cost of writing a picture beside that of JPEG. A client that may choose gets WebP. */
const writing: { readonly [Format in NonNullable<Parameters["f"]>]?: readonly [ms: number, perMegapixelMs: number] } = {
  auto: [0, 50],
  webp: [0, 50],
  avif: [300, 90],
  png: [0, 130],
  jpg: [0, 0],
};

/**
 * Estimates the processor time of a rendering by what is known before it begins, for its turn in the line. A wrong
 * estimate is corrected by what the rendering has cost.
 */
export function estimateMs(bytes: number, { steps }: Transformation): number {
  const source = Math.min((bytes * pixelsPerByte) / 1e6, mostMegapixels);
  let ms = perPictureMs + bytes * perByteMs;
  // A step without a size has that of the step before.
  let megapixels: number | undefined;
  let [writeMs, writePerMegapixelMs] = writing.auto ?? [0, 0];
  for (const { parameters, layers } of everyStep(steps)) {
    const given = megapixelsOf(parameters);
    // What is trimmed is read whole.
    if (parameters.t !== undefined) ms += source * perTrimmedMegapixelMs;
    if (given !== undefined) ms += given * perMegapixelMs;
    megapixels = given ?? megapixels;
    const own = megapixels ?? source;
    ms += own * effectsMsPerMegapixel(parameters);
    ms += layers.length * perLayerMs;
    if (parameters.f !== undefined) [writeMs, writePerMegapixelMs] = writing[parameters.f] ?? [0, 0];
  }
  if (megapixels === undefined) ms += source * perSourceMegapixelMs;
  return ms + writeMs + (megapixels ?? source) * writePerMegapixelMs;
}

/** The size of a step's result where it is given in pixels. Other sizes follow from the source, or from other values. */
function megapixelsOf({ w, h, dpr }: Parameters): number | undefined {
  const [width, height] = [pixelsOf(w) ?? pixelsOf(h), pixelsOf(h) ?? pixelsOf(w)];
  const density = typeof dpr === "number" ? dpr : 1;
  return width === undefined || height === undefined ? undefined : (width * height * density ** 2) / 1e6;
}

function pixelsOf(side: Parameters["w" | "h"]): number | undefined {
  return side?.kind === "pixels" ? side.pixels : undefined;
}
