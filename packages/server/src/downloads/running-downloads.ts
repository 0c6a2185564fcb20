/** The downloads of this process that are under way, by account. */
export class RunningDownloads {
  readonly #counts = new Map<string, number>();

  /** Whether the account has as many as it may have. */
  isFull(accountId: string, limit: number): boolean {
    return (this.#counts.get(accountId) ?? 0) >= limit;
  }

  /** @returns the function that ends the download; it may be called again */
  begin(accountId: string): () => void {
    this.#counts.set(accountId, (this.#counts.get(accountId) ?? 0) + 1);
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      const left = (this.#counts.get(accountId) ?? 1) - 1;
      if (left === 0) this.#counts.delete(accountId);
      else this.#counts.set(accountId, left);
    };
  }
}
