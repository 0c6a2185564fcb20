/** Sum of the luminance table that ITU-T T.81 gives as an example (Annex K), which libjpeg scales by the quality. */
const standardSum = 3688;
const entries = 64;

/**
 * Estimates the quality, 1 to 100, with which a JPEG was written; 0 if its table doesn't tell.
 * @param quantisation the first segment of quantisation tables
 */
export function jpegQuality(quantisation: Buffer | undefined): number {
  // The segment has to begin with the table of luminance, with eight bits a value.
  if (quantisation === undefined || quantisation.length < 1 + entries || quantisation[0] !== 0) return 0;
  const total = quantisation.subarray(1, 1 + entries).reduce((sum, value) => sum + value, 0);
  const scale = (100 * total) / standardSum;
  const quality = scale <= 100 ? 100 - scale / 2 : 5000 / scale;
  return Math.min(100, Math.max(1, Math.round(quality)));
}
