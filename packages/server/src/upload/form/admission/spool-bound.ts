import { statfs } from "node:fs/promises";

export interface SpoolBoundOptions {
  /** Whose file system the spool is on. */
  readonly folder: string;
  /** Bytes that strangers may hold at most, whatever the disk has left. */
  readonly maxBytes: number;
  /** Processes that share the file system. */
  readonly processes: number;
}

/** How old a look at the disk may be. */
const maxAgeMs = 1000;

/**
 * How much strangers may spool: the limit, or half of what the disk would have without their files. The other half is
 * left to those who have shown credentials.
 */
export class SpoolBound {
  readonly #options: SpoolBoundOptions;
  #ofDisk = Number.POSITIVE_INFINITY;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;

  private constructor(options: SpoolBoundOptions) {
    this.#options = options;
  }

  static async open(options: SpoolBoundOptions): Promise<SpoolBound> {
    const bound = new SpoolBound(options);
    await bound.measure(0);
    return bound;
  }

  /** @param held bytes that strangers hold now */
  bytes(held: number): number {
    if (performance.now() - this.#lookedAt > maxAgeMs) void this.measure(held);
    return Math.min(this.#options.maxBytes, this.#ofDisk);
  }

  /** Looks at the disk now. Never rejects: a disk that can't be looked at can't be written to either, and says so then. */
  measure(held: number): Promise<void> {
    this.#looking ??= this.#look(held).finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #look(held: number): Promise<void> {
    const { folder, processes } = this.#options;
    this.#lookedAt = performance.now();
    try {
      const { bavail, bsize } = await statfs(folder);
      this.#ofDisk = (bavail * bsize + held) / 2 / processes;
    } catch {
      // What was seen last has to do.
    }
  }
}
