import type { Rational, Stream } from "../libav/native.ts";

const standardRate: Rational = { num: 25, den: 1 };

/** The pictures per second of a stream: the least rate at which each of its pictures has a time of its own. */
export function frameRateOf({ rFrameRate, avgFrameRate }: Stream): Rational {
  return [rFrameRate, avgFrameRate].find(isKnown) ?? standardRate;
}

export function isKnown({ num, den }: Rational): boolean {
  return num > 0 && den > 0;
}

/**
 * A time in another base. One that is halfway between two counts as the earlier, so that a part that is cut off between two
 * pictures begins at 0, and takes no longer than what was asked for.
 */
export function nearest(time: bigint, from: Rational, to: Rational): bigint {
  const [above, below] = [time * BigInt(from.num) * BigInt(to.den), BigInt(from.den) * BigInt(to.num)];
  const twice = 2n * above - below;
  return twice > 0n ? (twice + 2n * below - 1n) / (2n * below) : twice / (2n * below);
}
