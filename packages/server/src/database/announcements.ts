/** Tells listeners what committed transactions have announced. */
export class Announcements {
  readonly #listeners = new Set<(announced: string) => void>();

  listen(listener: (announced: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Passes on each name once, however many transactions have announced it. */
  tell(announced: Iterable<string>): void {
    for (const name of new Set(announced)) for (const listener of this.#listeners) listener(name);
  }
}
