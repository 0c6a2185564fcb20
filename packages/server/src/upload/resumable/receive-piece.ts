import { SluiceError } from "@sluice/protocol";
import type { Principal } from "../../accounts/authenticate.ts";
import { type StorageUse, storageExceeded } from "../../accounts/storage-limit.ts";
import { limitOf } from "../../config/plans.ts";
import { sniffType } from "../../media/inspect/sniff.ts";
import { boundPartialBlob } from "../../storage/partial/partial-blobs.ts";
import { noticeFailure } from "../failures.ts";
import type { AdmittedBody } from "../form/admission/upload-slot.ts";
import { ClientGone } from "../form/receive/body-reader.ts";
import { type Checksum, stagePiece } from "./checksum.ts";
import type { ResumableDeps } from "./deps.ts";
import { endIfBytesAreGone, refuseForGood } from "./end-session.ts";
import { type Lease, LeaseLost } from "./lease.ts";
import type { RunningHash } from "./running-hashes.ts";
import { isLengthDeferred, type SessionBytes } from "./sessions/session.ts";
import { excessOf, spaceFor, storageUseWithSessions } from "./size-limits.ts";

export interface Piece {
  readonly principal: Principal;
  readonly body: AdmittedBody;
  /** Bytes, when the client announces them. */
  readonly contentLength: number | undefined;
  readonly checksum: Checksum | undefined;
}

/**
 * Appends the bytes of one request to the session. What came is kept and acknowledged, whatever ended it, unless the
 * piece has a checksum: then it is kept as a whole or not at all.
 * @throws SluiceError, StorageError, ClientGone for a piece of which not all bytes were taken; the lease's session says
 * how many were
 */
export async function receivePiece(deps: ResumableDeps, lease: Lease, piece: Piece): Promise<void> {
  const { digest, offset, length, bytes } = lease.session;
  if (bytes === undefined) throw new SluiceError("UPLOAD_SESSION_ENDED");
  const { body, checksum, contentLength } = piece;
  lease.onWanted((reason) => body.stop(reason));
  const isOpen = isLengthDeferred(lease.session);
  const left = bytes.length - offset;
  if (isOpen && contentLength !== undefined) await assertMayCome(deps, lease, offset + contentLength);
  // A body that doesn't announce its length may have all that is left, which is no estimate where nobody knows the length.
  const announced = contentLength ?? (isOpen ? undefined : left);
  const assertSpace = (taken: number) => {
    const toCome = announced === undefined ? Math.min(spaceEvery, left) : Math.max(announced - taken, 0);
    return deps.freeSpace.assert(spaceFor(deps.blobs, toCome));
  };
  await assertSpace(0);
  const use = await storageUseWithSessions(deps, piece.principal);
  const staged = checksum && (await stagePiece(deps, body, { checksum, left, contentLength }));
  const hash = deps.hashes.take(digest, offset);
  const bound = isOpen ? new OpenLengthLimit(deps, bytes.length) : undefined;
  try {
    const intake = new Intake(staged?.chunks() ?? body, {
      left,
      use,
      hash,
      assertSpace,
      refuseType: bound === undefined ? typeJudge(deps, length) : (head) => bound.judge(head),
      refuseSize: (taken) => bound?.refusalOf(offset + taken),
    });
    const { state, cause } = await deps.blobs.partial.append(bytes, intake.chunks(), lease.lost);
    const failure = intake.failure ?? cause;
    noticeFailure(deps, failure);
    await endIfBytesAreGone(deps, lease, failure);
    if (intake.terminal !== undefined) {
      await refuseForGood(deps, lease, intake.terminal);
      throw intake.terminal;
    }
    if (intake.isBeyondLength) {
      await giveBack(deps, lease, state);
      throw failure;
    }
    if (state.offset > offset) {
      const storageLimit = use && deps.config.limits.storageBytes;
      const told = bound === undefined ? state : boundPartialBlob(state, bound.maxLength);
      try {
        await lease.advance(told, { goesOn: state.offset === length, storageLimit });
      } catch (error) {
        if (isStorageExceeded(error)) await giveBack(deps, lease, state);
        throw error;
      }
    }
    if (failure !== undefined) throw failure;
  } finally {
    // Bytes that were not acknowledged may be replaced by other ones, which come through another process.
    deps.hashes.keep(digest, lease.session.offset, hash);
    await staged?.discard();
  }
}

/** The refusal of a piece that ended early, by a status with which tus clients go on by themselves. */
export function refuseInterrupted(error: unknown): never {
  if (error instanceof LeaseLost) throw new SluiceError("UPLOAD_TAKEN_OVER", {}, { cause: error });
  if (error instanceof ClientGone) throw interrupted("The connection ended.", error);
  if (error instanceof SluiceError && error.reason === "REQUEST_TIMEOUT") {
    throw interrupted("The bytes came too slowly, or took longer than one request may.", error);
  }
  throw error;
}

export function interrupted(problem: string, cause?: unknown): SluiceError {
  return new SluiceError("PIECE_INTERRUPTED", { problem }, { cause });
}

/**
 * Removes bytes of a refused piece, which no storage limit would count. What can't be removed goes with the session. Never
 * throws.
 */
async function giveBack(
  { blobs, logger }: Pick<ResumableDeps, "blobs" | "logger">,
  lease: Lease,
  appended: SessionBytes,
): Promise<void> {
  const { bytes } = lease.session;
  // Another holder may have acknowledged bytes at the same place.
  if (bytes === undefined || appended.offset === bytes.offset || !lease.isKept) return;
  try {
    await blobs.partial.giveBack(bytes, appended, lease.lost);
  } catch (error) {
    logger.warn({ err: error }, "bytes of a refused piece could not be removed; they go with their upload");
  }
}

function isStorageExceeded(error: unknown): boolean {
  return error instanceof SluiceError && error.reason === "STORAGE_LIMIT_EXCEEDED";
}

/** Refuses a piece at once that announces more than a file of any type may have. @throws SluiceError */
async function assertMayCome(deps: ResumableDeps, lease: Lease, size: number): Promise<void> {
  const refusal = excessOf(deps, lease.session.bytes?.length ?? 0, size);
  if (refusal === undefined) return;
  await refuseForGood(deps, lease, refusal);
  throw refusal;
}

/** The most bytes that a file of unknown length may have. Its type lowers the bound, as soon as its first bytes tell it. */
class OpenLengthLimit {
  readonly #deps: ResumableDeps;
  #maxLength: number;

  constructor(deps: ResumableDeps, maxLength: number) {
    this.#deps = deps;
    this.#maxLength = maxLength;
  }

  get maxLength(): number {
    return this.#maxLength;
  }

  async judge(head: Buffer): Promise<undefined> {
    const { kind } = await sniffType(head);
    this.#maxLength = Math.min(this.#maxLength, limitOf(this.#deps.config.fileSize, kind).limit);
  }

  refusalOf(size: number): SluiceError | undefined {
    return excessOf(this.#deps, this.#maxLength, size);
  }
}

/** The disk is looked at anew each time that this many bytes have come. */
const spaceEvery = 64 * 1024 * 1024;

interface IntakeOptions {
  /** Bytes that the upload's length leaves. */
  readonly left: number;
  readonly use: StorageUse | undefined;
  readonly hash: RunningHash | undefined;
  /** @param taken the bytes of the piece that have come @throws StorageError when the others find no room */
  readonly assertSpace: (taken: number) => Promise<void>;
  /** Judges the first bytes of the file. @returns the refusal */
  readonly refuseType: (head: Buffer) => Promise<SluiceError | undefined>;
  /** Judges the bytes of the piece that have come. @returns the refusal */
  readonly refuseSize: (taken: number) => SluiceError | undefined;
}

/** The bytes of a piece on their way into the store. Their end is never an error: the reason of an early one is kept. */
class Intake {
  failure: unknown;
  /** The refusal that ends the upload. */
  terminal: SluiceError | undefined;
  isBeyondLength = false;
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #options: IntakeOptions;

  constructor(source: AsyncIterator<Uint8Array>, options: IntakeOptions) {
    this.#source = source;
    this.#options = options;
  }

  async *chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    const { left, use, hash, assertSpace, refuseType, refuseSize } = this.#options;
    let taken = 0;
    let lookAt = spaceEvery;
    let isJudged = hash === undefined || hash.hasHead;
    try {
      for (;;) {
        const { done, value } = await this.#source.next();
        if (done) return;
        taken += value.byteLength;
        this.terminal = refuseSize(taken);
        if (this.terminal !== undefined) return;
        if (taken > left) {
          this.isBeyondLength = true;
          throw new SluiceError("PIECE_BEYOND_LENGTH");
        }
        if (use !== undefined && use.stored + taken > use.limit) throw storageExceeded(use);
        if (taken >= lookAt) {
          await assertSpace(taken - value.byteLength);
          lookAt = taken + spaceEvery;
        }
        hash?.update(value);
        if (!isJudged && hash?.hasHead) {
          isJudged = true;
          this.terminal = (await refuseType(hash.head)) ?? refuseSize(taken);
          if (this.terminal !== undefined) return;
        }
        yield value;
      }
    } catch (error) {
      this.failure = error;
    }
  }
}

/** The type of a file chooses its limit. A file that is too long for its type is refused before the rest of it comes. */
function typeJudge({ config: { fileSize } }: ResumableDeps, length: number) {
  return async (head: Buffer): Promise<SluiceError | undefined> => {
    const { kind } = await sniffType(head);
    const limit = limitOf(fileSize, kind);
    return length > limit.limit ? new SluiceError("UPLOAD_LENGTH_TOO_LARGE", { ...limit }) : undefined;
  };
}
