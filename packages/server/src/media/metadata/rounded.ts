/** A ratio's digits without end say nothing more. */
export function rounded(value: number): number {
  return Math.round(value * 1e8) / 1e8;
}
