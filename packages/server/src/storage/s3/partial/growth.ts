import type { ByteBudget } from "../../../concurrency/byte-budget.ts";
import { releaseMemory } from "../../chunk-memory.ts";
import { type PartialBlob, plannedLengthOf } from "../../partial/partial-blobs.ts";
import type { ArrivingMemory, Holder } from "./arriving-memory.ts";
import { type Load, PartFiller } from "./part-filler.ts";
import type { Parts } from "./parts.ts";
import { type Progress, partBytesOf, partSizeAt, progressOf, sizeOfTails } from "./progress.ts";
import { mergeFrom, type Tails } from "./tails.ts";

/** The parts of the store that a growing blob needs. */
export interface GrowthDeps {
  readonly tails: Tails;
  readonly parts: Parts;
  readonly memory: ArrivingMemory;
  /** The memory for what is on its way to the bucket. */
  readonly budget: ByteBudget;
  /** The least size of a part. */
  readonly partBytes: number;
}

/**
 * One append to a blob in a bucket. Bytes are collected until they fill a part, which is sent while the next one is
 * collected. What fills no part becomes a tail.
 */
export class Growth implements Holder {
  readonly #deps: GrowthDeps;
  readonly #signal: AbortSignal;
  readonly #partBytes: number;
  readonly #filler: PartFiller;
  readonly #began: PartialBlob;
  #progress: Progress;
  #offset: number;
  /** The bytes of the part that is being collected: durable ones, those on their way, and those in the filler. */
  #inPart: number;
  /** The part that is being collected, counted from 0. */
  #part: number;
  /** The loads under way, one after another; never rejects. */
  #sending: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;

  /** @param signal ends the requests to the service */
  constructor(deps: GrowthDeps, state: PartialBlob, signal: AbortSignal) {
    this.#deps = deps;
    this.#signal = signal;
    this.#began = state;
    this.#partBytes = partBytesOf(plannedLengthOf(state), deps.partBytes);
    this.#filler = new PartFiller(deps.memory);
    this.#progress = progressOf(state);
    this.#offset = state.offset;
    this.#part = this.#progress.parts;
    this.#inPart = sizeOfTails(this.#progress.tails);
    if (this.#inPart > this.#partSize()) throw new TypeError("The tails are larger than their part");
  }

  /** The blob with all that is durable. */
  get state(): PartialBlob {
    if (this.#offset === this.#began.offset) return this.#began;
    return { ...this.#began, offset: this.#offset, store: this.#progress };
  }

  get filled(): number {
    return this.#filler.size;
  }

  makeRoom(): void {
    this.#unload();
  }

  /** Takes a chunk, whose memory is released. Rejects when something that came before could not be stored. */
  async take(chunk: Uint8Array): Promise<void> {
    for (let taken = 0; taken < chunk.byteLength; ) {
      this.#assertWell();
      const room = this.#partSize() - this.#inPart;
      const count = await this.#filler.take(chunk.subarray(taken), room, this.#signal);
      taken += count;
      this.#inPart += count;
      if (count < room) continue;
      // The part before has to be gone, so that no more than two parts of a blob are in memory.
      const before = this.#sending;
      this.#unload();
      this.#part += 1;
      this.#inPart = 0;
      await before;
    }
    releaseMemory(chunk);
  }

  /** Stores the rest. Resolves when all that can be durable is durable. */
  async finish(): Promise<void> {
    this.#unload();
    await this.#sending;
    this.#assertWell();
  }

  /** Removes the tails that the state before had replaced. That state is the blob's record, since it was passed on. */
  async removeReplaced(): Promise<void> {
    const { key } = this.#began;
    const { replaced } = this.#progress;
    if (replaced.length === 0) return;
    await this.#deps.tails.remove(key, replaced, this.#signal);
    this.#progress = { ...this.#progress, replaced: [] };
  }

  #partSize(): number {
    return partSizeAt(this.#began.length, this.#part, this.#partBytes);
  }

  #unload(): void {
    if (this.#filler.size === 0) return;
    const load = this.#filler.unload();
    this.#sending = this.#sending.then(() => this.#send(load));
  }

  async #send(load: Load): Promise<void> {
    try {
      if (this.#failure !== undefined) return;
      this.#signal.throwIfAborted();
      const { size } = load;
      this.#progress = await (this.#fillsPart(size) ? this.#sendPart(load) : this.#sendTail(load));
      this.#offset += size;
    } catch (error) {
      this.#failure ??= { error };
    } finally {
      load.release();
    }
  }

  /** Whether the bytes are the last ones of a part. A blob of one part stays in tails until it is complete. */
  #fillsPart(size: number): boolean {
    const { length } = this.#began;
    const { parts, tails } = this.#progress;
    const isOnlyPart = length <= this.#partBytes;
    return !isOnlyPart && sizeOfTails(tails) + size === partSizeAt(length, parts, this.#partBytes);
  }

  async #sendPart(load: Load): Promise<Progress> {
    const { key } = this.#began;
    const progress = this.#progress;
    const { tails, replaced } = progress;
    return this.#join(tails, load, async (bytes) => {
      const sent = await this.#deps.parts.send(key, progress, bytes, this.#signal);
      return { ...sent, tails: [], replaced: [...replaced, ...tails.map(({ name }) => name)] };
    });
  }

  async #sendTail(load: Load): Promise<Progress> {
    const progress = this.#progress;
    const from = mergeFrom([...progress.tails.map(({ size }) => size), load.size], this.#partBytes);
    const merged = progress.tails.slice(from);
    return this.#join(merged, load, async (bytes) => {
      const tail = await this.#deps.tails.put(this.#began.key, bytes, this.#signal);
      const replaced = [...progress.replaced, ...merged.map(({ name }) => name)];
      return { ...progress, tails: [...progress.tails.slice(0, from), tail], replaced };
    });
  }

  /** Puts the tails and the new bytes together in memory. */
  async #join(tails: readonly { name: string; size: number }[], load: Load, use: (bytes: Buffer) => Promise<Progress>) {
    const { budget, tails: stored } = this.#deps;
    const before = sizeOfTails(tails);
    return budget.use(before + load.size, this.#signal, async () => {
      const bytes = Buffer.allocUnsafeSlow(before + load.size);
      try {
        await stored.read(this.#began.key, tails, bytes, this.#signal);
        load.moveTo(bytes, before);
        return await use(bytes);
      } finally {
        releaseMemory(bytes);
      }
    });
  }

  #assertWell(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
