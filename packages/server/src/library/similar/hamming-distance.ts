/**
 * Counts the bits, of 64, in which two hashes differ. Each hash is 16 hexadecimal digits. Ten thousands of hashes are
 * compared for one request, so the halves are 32-bit integers.
 */
export function hammingDistance(a: string, b: string): number {
  const [high, low] = [halfOf(a, 0) ^ halfOf(b, 0), halfOf(a, 8) ^ halfOf(b, 8)];
  return countBits(high) + countBits(low);
}

function halfOf(hash: string, start: number): number {
  return Number.parseInt(hash.slice(start, start + 8), 16);
}

/** Adds up the bits of an integer in pairs, then in fours, then in bytes. */
function countBits(value: number): number {
  const pairs = value - ((value >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/**
 * For each of the four bands of a hash, a number of bits. Of two hashes that differ in at most `distance` bits, at least
 * one band differs in at most its number: if each band differed in one bit more, that would be more than `distance`.
 */
export function bandRadii(distance: number): number[] {
  return [0, 1, 2, 3].map((band) => Math.max(0, Math.floor((distance - band) / 4)));
}

/**
 * The values of 16 bits, as four hexadecimal digits, that differ from `band` in at most `distance` bits. There are 17
 * values for one bit, 137 for two, 697 for three.
 */
export function bandsWithin(band: string, distance: number): string[] {
  const values = new Set([Number.parseInt(band, 16)]);
  let rim = [...values];
  for (let step = 0; step < distance; step++) {
    const next: number[] = [];
    for (const value of rim) {
      for (let bit = 0; bit < 16; bit++) {
        const neighbour = value ^ (1 << bit);
        if (values.has(neighbour)) continue;
        values.add(neighbour);
        next.push(neighbour);
      }
    }
    rim = next;
  }
  return [...values].map((value) => value.toString(16).padStart(4, "0"));
}
