/** Rounds to eight decimals. The further digits of an endless ratio say nothing more. */
export function rounded(value: number): number {
  return Math.round(value * 1e8) / 1e8;
}
