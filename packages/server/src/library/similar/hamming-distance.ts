/** Counts the bits, of 64, in which two hashes differ. Each hash is 16 hexadecimal digits. */
export function hammingDistance(a: string, b: string): number {
  let difference = BigInt(`0x${a}`) ^ BigInt(`0x${b}`);
  let count = 0;
  for (; difference !== 0n; difference &= difference - 1n) count += 1;
  return count;
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
