interface Waiting {
  readonly bytes: number;
  readonly admit: () => void;
}

/** Lets no more bytes into memory at once than it has, nor more users; who comes first is served first. */
export class ByteBudget {
  readonly #total: number;
  readonly #leastShare: number;
  #free: number;
  #waiting: Waiting[] = [];

  constructor(total: number, users: number) {
    this.#total = total;
    this.#leastShare = Math.ceil(total / users);
    this.#free = total;
  }

  /** Runs the work once there is room. More than all there is takes all there is. Rejects with the signal's reason. */
  async use<Result>(bytes: number, signal: AbortSignal | undefined, work: () => Promise<Result>): Promise<Result> {
    const share = Math.min(Math.max(bytes, this.#leastShare), this.#total);
    await this.#take(share, signal);
    try {
      return await work();
    } finally {
      this.#free += share;
      this.#admit();
    }
  }

  async #take(bytes: number, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const entry = { bytes, admit: resolve };
    const leave = (): void => {
      this.#waiting = this.#waiting.filter((other) => other !== entry);
      reject(signal?.reason);
      this.#admit();
    };
    this.#waiting.push(entry);
    signal?.addEventListener("abort", leave);
    this.#admit();
    try {
      await promise;
    } finally {
      signal?.removeEventListener("abort", leave);
    }
  }

  #admit(): void {
    for (;;) {
      const [first] = this.#waiting;
      if (first === undefined || first.bytes > this.#free) return;
      this.#waiting.shift();
      this.#free -= first.bytes;
      first.admit();
    }
  }
}
