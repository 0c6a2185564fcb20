import { everyStep, type ParameterValues, type Transformation } from "@sluice/grammar";

/** The processor time for a byte of a source, and for a megapixel of a result, in milliseconds. Photographs were measured. */
const perByteMs = 1e-5;
const perMegapixelMs = 30;
/** Blurring by a large radius, which costs most of all effects, takes this besides. */
const perBlurredMegapixelMs = 200;

/**
 * Estimates the processor time of a rendering by what is known before it begins, for its turn in the line. A wrong
 * estimate is corrected by what the rendering has cost.
 */
export function estimateMs(bytes: number, { steps }: Transformation): number {
  return everyStep(steps).reduce((sum, { parameters }) => {
    const { w, h, bl } = parameters;
    const [width, height] = [pixelsOf(w) ?? pixelsOf(h), pixelsOf(h) ?? pixelsOf(w)];
    if (width === undefined || height === undefined) return sum;
    const perMegapixel = perMegapixelMs + (bl === undefined ? 0 : perBlurredMegapixelMs);
    return sum + ((width * height) / 1e6) * perMegapixel;
  }, bytes * perByteMs);
}

/** A side that is given in pixels. Other sides follow from the source, or from other values. */
function pixelsOf(side: ParameterValues["w" | "h"] | undefined): number | undefined {
  return side?.kind === "pixels" ? side.pixels : undefined;
}
