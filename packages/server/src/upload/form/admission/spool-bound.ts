import { statfs } from "node:fs/promises";

export interface SpoolBoundOptions {
  /** The folder of the spool. Its file system is the one that is measured. */
  readonly folder: string;
  /** The maximum number of bytes that strangers may hold, even if the disk has more left. */
  readonly maxBytes: number;
  /** The number of processes that share the file system. */
  readonly processes: number;
}

/** The age at which a measurement of the disk is repeated. */
const maxAgeMs = 1000;

/**
 * Bounds how much strangers may spool: the limit, or half of the space that the disk would have without their files if
 * that is less. The other half is left to the clients that have shown credentials.
 */
export class SpoolBound {
  readonly #options: SpoolBoundOptions;
  #ofDisk = Number.POSITIVE_INFINITY;
  #measuredAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;

  private constructor(options: SpoolBoundOptions) {
    this.#options = options;
  }

  static async open(options: SpoolBoundOptions): Promise<SpoolBound> {
    const bound = new SpoolBound(options);
    await bound.measure(0);
    return bound;
  }

  /** @param held the bytes that strangers hold now */
  bytes(held: number): number {
    if (performance.now() - this.#measuredAt > maxAgeMs) void this.measure(held);
    return Math.min(this.#options.maxBytes, this.#ofDisk);
  }

  /**
   * Measures the disk now. Never rejects: a disk that can't be measured can't be written to either, and the write then
   * reports it.
   */
  measure(held: number): Promise<void> {
    this.#looking ??= this.#look(held).finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #look(held: number): Promise<void> {
    const { folder, processes } = this.#options;
    this.#measuredAt = performance.now();
    try {
      const { bavail, bsize } = await statfs(folder);
      this.#ofDisk = (bavail * bsize + held) / 2 / processes;
    } catch {
      // The last measurement stays in use.
    }
  }
}
