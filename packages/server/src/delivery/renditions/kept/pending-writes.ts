import type { KeptBytes } from "./kept-rendition.ts";

/** Renditions that are being written to disk. Meanwhile they are served from here, so that nobody makes them again. */
export class PendingWrites {
  readonly #maxBytes: number;
  readonly #renditions = new Map<string, KeptBytes>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get(key: string): KeptBytes | undefined {
    return this.#renditions.get(key);
  }

  /** Whether the rendition may wait for the disk, too, without filling the memory. One alone always may. */
  hasRoomFor({ data }: KeptBytes): boolean {
    return this.#bytes === 0 || this.#bytes + data.length <= this.#maxBytes;
  }

  /** Serves the rendition until the writing has ended. */
  async during(key: string, kept: KeptBytes, write: () => Promise<void>): Promise<void> {
    this.#renditions.set(key, kept);
    this.#bytes += kept.data.length;
    try {
      await write();
    } finally {
      this.#renditions.delete(key);
      this.#bytes -= kept.data.length;
    }
  }
}
