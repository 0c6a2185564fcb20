import { SluiceError } from "@sluice/protocol";
import type { Limits } from "../../config/limits.ts";
import type { FileSizeLimits } from "../../config/plans.ts";
import { sniffLength, sniffType } from "../../media/inspect/sniff.ts";
import type { Spool } from "../../spool/spool.ts";
import type { SpooledFile, SpoolFile } from "../../spool/spool-file.ts";
import { outlivingRelease } from "../../storage/chunk-memory.ts";

const nothing = Buffer.alloc(0);

/** Asked for the bytes of each chunk before they are kept; undefined where there is room at once. */
type TakeRoom = (bytes: number) => Promise<void> | undefined;

function unbounded(): undefined {}

/**
 * The file of an upload on its way into the spool. The limit that holds for it follows from its first bytes; past it
 * nothing more is stored (docs/protocol/upload.md §15.15).
 */
export class IncomingFile {
  readonly #spool: Pick<Spool, "create">;
  readonly #limits: FileSizeLimits;
  readonly #takeRoom: TakeRoom;
  #spoolFile: SpoolFile | undefined;
  #head: Buffer = nothing;
  #sniffed = false;
  #limit: number;
  #size = 0;
  #announced = 0;
  #room: { readonly bytes: number; readonly refusal: SluiceError } | undefined;
  #excessSince = Number.POSITIVE_INFINITY;

  constructor(spool: Pick<Spool, "create">, limits: FileSizeLimits, takeRoom: TakeRoom = unbounded) {
    this.#spool = spool;
    this.#limits = limits;
    this.#takeRoom = takeRoom;
    this.#limit = Math.max(limits.file, limits.video);
  }

  /** The file's first bytes: one chunk, or as many as were needed to tell its type. */
  get head(): Uint8Array {
    return this.#head;
  }

  /** Bytes that have come. */
  get size(): number {
    return this.#size;
  }

  /** The refusal for a file that has grown over its limit, or that was announced to, undefined while it has not. */
  get excess(): SluiceError | undefined {
    const size = Math.max(this.#size, this.#announced);
    if (size > this.#limit) return new SluiceError("FILE_TOO_LARGE", { limit: this.#limit });
    return this.#room !== undefined && size > this.#room.bytes ? this.#room.refusal : undefined;
  }

  /** Bytes that any file may have. */
  get largest(): number {
    return Math.max(this.#limits.file, this.#limits.video);
  }

  /** Whether more has come past the limit than a refused body is read on for, in the hope of credentials behind it. */
  excessIsHopeless(limits: Pick<Limits, "drainMs">): boolean {
    return this.#size - this.#limit > this.largest || performance.now() - this.#excessSince > limits.drainMs;
  }

  /** Bytes that the sender says will come: over the limit, none of them need be read. */
  announce(size: number): void {
    this.#announced = size;
  }

  /** For its account there is no more room than this, whatever the file is. */
  boundBy(bytes: number, refusal: SluiceError): void {
    this.#room = { bytes, refusal };
  }

  async write(chunk: Buffer): Promise<void> {
    // A text part decodes to empty chunks; a file of nothing but those has not come (docs/protocol/upload.md §5, E8).
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

  /** Lets go of what is in the spool, whether the store has taken a copy or not. Never throws. */
  async discard(): Promise<void> {
    await this.#spoolFile?.discard();
  }

  async #sniff(chunk: Buffer): Promise<void> {
    this.#head = this.#head.length === 0 ? outlivingRelease(chunk) : Buffer.concat([this.#head, chunk]);
    if (this.#head.length >= sniffLength) await this.#choose();
  }

  async #choose(): Promise<void> {
    const { kind } = await sniffType(this.#head);
    this.#limit = kind === "video" ? this.#limits.video : this.#limits.file;
    this.#sniffed = true;
  }
}
