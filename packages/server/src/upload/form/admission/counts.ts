/** Counts how much of something belongs to each key. A key that has nothing is not remembered. */
export class Counts {
  readonly #counts = new Map<string, number>();

  of(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  add(key: string, change: number): void {
    const count = this.of(key) + change;
    if (count === 0) this.#counts.delete(key);
    else this.#counts.set(key, count);
  }

  get size(): number {
    return this.#counts.size;
  }

  [Symbol.iterator](): Iterator<[key: string, count: number]> {
    return this.#counts.entries();
  }
}
