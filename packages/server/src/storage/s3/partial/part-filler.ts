import { releaseMemory } from "../../chunk-memory.ts";
import type { ArrivingMemory, Taken } from "./arriving-memory.ts";

const KiB = 1024;
/** The first block is small, since many clients may have sent a few bytes only. */
const blockBytes = { min: 16 * KiB, max: 256 * KiB };

interface Block {
  readonly bytes: Buffer;
  readonly taken: Taken;
  used: number;
}

/** Bytes on their way to the bucket. */
export interface Load {
  readonly size: number;
  /** Copies the bytes to that place of the buffer, and gives their memory back. */
  moveTo(target: Buffer, position: number): void;
  /** Gives the memory back, if that has not been done. */
  release(): void;
}

/**
 * Collects bytes in blocks. The bytes are copied there, because thousands of tiny chunks would take many times their
 * size.
 */
export class PartFiller {
  readonly #memory: ArrivingMemory;
  #blocks: Block[] = [];
  #size = 0;

  constructor(memory: ArrivingMemory) {
    this.#memory = memory;
  }

  /** The number of bytes collected. */
  get size(): number {
    return this.#size;
  }

  /**
   * Copies a beginning of the chunk, at most `room` bytes.
   * @returns how many bytes it took
   */
  async take(chunk: Uint8Array, room: number, signal: AbortSignal): Promise<number> {
    let block = this.#blocks.at(-1);
    if (block === undefined || block.used === block.bytes.length) {
      const size = Math.min(room, Math.max(blockBytes.min, Math.min(this.#size, blockBytes.max)));
      const taken = await this.#memory.take(size, signal);
      // What was collected before may be on its way by now.
      block = { bytes: Buffer.allocUnsafeSlow(size), taken, used: 0 };
      this.#blocks.push(block);
    }
    const count = Math.min(chunk.byteLength, room, block.bytes.length - block.used);
    block.bytes.set(chunk.subarray(0, count), block.used);
    block.used += count;
    this.#size += count;
    return count;
  }

  /** Hands over what was collected, and begins anew. */
  unload(): Load {
    const [blocks, size] = [this.#blocks, this.#size];
    [this.#blocks, this.#size] = [[], 0];
    for (const { taken } of blocks) taken.leave();
    const release = (): void => {
      for (const { bytes, taken } of blocks.splice(0)) {
        releaseMemory(bytes);
        taken.release();
      }
    };
    return {
      size,
      release,
      moveTo(target, position) {
        let at = position;
        for (const { bytes, used } of blocks) at += bytes.copy(target, at, 0, used);
        release();
      },
    };
  }
}
