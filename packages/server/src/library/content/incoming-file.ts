import { SluiceError } from "@sluice/protocol";
import type { Limits } from "../../config/limits.ts";
import { type FileSizeLimits, largestFile, largestLimit, limitOf, type SizeLimit } from "../../config/plans.ts";
import { sniffLength, sniffType } from "../../media/inspect/sniff.ts";
import type { Spool } from "../../spool/spool.ts";
import type { SpooledFile, SpoolFile } from "../../spool/spool-file.ts";
import { outlivingRelease } from "../../storage/chunk-memory.ts";

const nothing = Buffer.alloc(0);

/**
 * Called with the size of each chunk before the chunk is stored. Returns a promise to wait for, or undefined where
 * there is room at once.
 */
type TakeRoom = (bytes: number) => Promise<void> | undefined;

function unbounded(): undefined {}

/**
 * The file of an upload on its way into the spool. Its first bytes determine its size limit. Beyond the limit nothing
 * more is stored (docs/protocol/upload.md §15.15).
 */
export class IncomingFile {
  readonly #spool: Pick<Spool, "create">;
  readonly #limits: FileSizeLimits;
  readonly #takeRoom: TakeRoom;
  #spoolFile: SpoolFile | undefined;
  #head: Buffer = nothing;
  #sniffed = false;
  #limit: SizeLimit;
  #size = 0;
  #announced = 0;
  #room: { readonly bytes: number; readonly refusal: SluiceError } | undefined;
  #excessSince = Number.POSITIVE_INFINITY;

  constructor(spool: Pick<Spool, "create">, limits: FileSizeLimits, takeRoom: TakeRoom = unbounded) {
    this.#spool = spool;
    this.#limits = limits;
    this.#takeRoom = takeRoom;
    this.#limit = largestLimit(limits);
  }

  /** The file's first bytes: one chunk, or as many chunks as were needed to detect its type. */
  get head(): Uint8Array {
    return this.#head;
  }

  /** The number of bytes received so far. */
  get size(): number {
    return this.#size;
  }

  /** The refusal for a file that exceeds its limit, or is announced to; undefined while it doesn't. */
  get excess(): SluiceError | undefined {
    const size = Math.max(this.#size, this.#announced);
    if (size > this.#limit.limit) return new SluiceError("FILE_TOO_LARGE", { ...this.#limit });
    return this.#room !== undefined && size > this.#room.bytes ? this.#room.refusal : undefined;
  }

  /** The largest size in bytes that a file of any type may have. */
  get maxFileBytes(): number {
    return largestFile(this.#limits);
  }

  /**
   * Whether to stop reading a body that is over its limit. Up to some size and time, the rest of such a body is read,
   * since credentials may follow behind the file.
   */
  excessIsHopeless(limits: Pick<Limits, "drainMs">): boolean {
    const excess = this.#size - this.#limit.limit;
    return excess > this.maxFileBytes || performance.now() - this.#excessSince > limits.drainMs;
  }

  /** Sets the size that the sender announces. If it is over the limit, no bytes need be read. */
  announce(size: number): void {
    this.#announced = size;
  }

  /** Sets the room that is left in the account's storage. It bounds a file of any type. */
  boundBy(bytes: number, refusal: SluiceError): void {
    this.#room = { bytes, refusal };
  }

  async write(chunk: Buffer): Promise<void> {
    // A text part decodes to empty chunks. A file of only empty chunks counts as not sent (docs/protocol/upload.md §5,
    // E8).
    if (chunk.length === 0) return;
    this.#size += chunk.length;
    if (!this.#sniffed) await this.#sniff(chunk);
    if (this.excess !== undefined) {
      this.#excessSince = Math.min(this.#excessSince, performance.now());
      return;
    }
    const room = this.#takeRoom(chunk.length);
    if (room !== undefined) await room;
    this.#spoolFile ??= this.#spool.create();
    await this.#spoolFile.write(chunk);
  }

  /** @returns undefined when no bytes came */
  async finish(): Promise<SpooledFile | undefined> {
    if (!this.#sniffed) await this.#choose();
    if (this.excess !== undefined) throw this.excess;
    return this.#spoolFile?.finish();
  }

  /** Discards the file in the spool, whether or not the store has a copy. Never throws. */
  async discard(): Promise<void> {
    await this.#spoolFile?.discard();
  }

  async #sniff(chunk: Buffer): Promise<void> {
    this.#head = this.#head.length === 0 ? outlivingRelease(chunk) : Buffer.concat([this.#head, chunk]);
    if (this.#head.length >= sniffLength) await this.#choose();
  }

  async #choose(): Promise<void> {
    const { kind } = await sniffType(this.#head);
    this.#limit = limitOf(this.#limits, kind);
    this.#sniffed = true;
  }
}
