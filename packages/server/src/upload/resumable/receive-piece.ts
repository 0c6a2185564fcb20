import { SluiceError } from "@sluice/protocol";
import type { Principal } from "../../accounts/authenticate.ts";
import { type StorageUse, storageExceeded } from "../../accounts/storage-limit.ts";
import { limitOf } from "../../config/plans.ts";
import { sniffType } from "../../media/inspect/sniff.ts";
import { StorageError } from "../../storage/storage-error.ts";
import type { PlacedBody } from "../form/admission/upload-place.ts";
import type { Checksum } from "./checksum.ts";
import { endIfBytesAreGone, refuseForGood } from "./end-session.ts";
import type { Lease } from "./leases.ts";
import type { ResumableNeeds } from "./needs.ts";
import type { RunningHash } from "./running-hashes.ts";
import { spaceFor } from "./space-for.ts";
import { stagePiece } from "./stage-piece.ts";
import { storageUseWithSessions } from "./storage-use.ts";

export interface Piece {
  readonly principal: Principal;
  readonly body: PlacedBody;
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
export async function receivePiece(needs: ResumableNeeds, lease: Lease, piece: Piece): Promise<void> {
  const { digest, offset, length, bytes } = lease.session;
  if (bytes === undefined) throw new SluiceError("UPLOAD_SESSION_ENDED");
  const { body, checksum, contentLength } = piece;
  lease.onWanted((reason) => body.stop(reason));
  const left = length - offset;
  // A body that doesn't announce its length may have all that is left.
  const announced = contentLength ?? left;
  const assertSpace = (taken: number) => needs.freeSpace.assert(spaceFor(needs.blobs, Math.max(announced - taken, 0)));
  await assertSpace(0);
  const use = await storageUseWithSessions(needs, piece.principal);
  const staged = checksum && (await stagePiece(needs, body, { checksum, left, contentLength }));
  const hash = needs.hashes.take(digest, offset);
  try {
    const intake = new Intake(staged?.chunks() ?? body, {
      left,
      use,
      hash,
      assertSpace,
      refuseType: typeJudge(needs, length),
    });
    const { state, cause } = await needs.blobs.partial.append(bytes, intake.chunks(), lease.lost);
    const failure = intake.failure ?? cause;
    if (failure instanceof StorageError) needs.freeSpace.distrust();
    await endIfBytesAreGone(needs, lease, failure);
    if (intake.terminal !== undefined) {
      await refuseForGood(needs, lease, intake.terminal);
      throw intake.terminal;
    }
    if (intake.isBeyondLength) throw failure;
    if (state.offset > offset) {
      const storageLimit = use && needs.config.limits.storageBytes;
      await lease.advance(state, { goesOn: state.offset === length, storageLimit });
    }
    if (failure !== undefined) throw failure;
  } finally {
    // Bytes that were not acknowledged may be replaced by other ones, which come through another process.
    needs.hashes.keep(digest, lease.session.offset, hash);
    await staged?.discard();
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
    const { left, use, hash, assertSpace, refuseType } = this.#options;
    let taken = 0;
    let lookAt = spaceEvery;
    let isJudged = hash === undefined || hash.hasHead;
    try {
      for (;;) {
        const { done, value } = await this.#source.next();
        if (done) return;
        taken += value.byteLength;
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
          this.terminal = await refuseType(hash.head);
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
function typeJudge({ config: { fileSize } }: ResumableNeeds, length: number) {
  return async (head: Buffer): Promise<SluiceError | undefined> => {
    const { kind } = await sniffType(head);
    const limit = limitOf(fileSize, kind);
    return length > limit.limit ? new SluiceError("UPLOAD_LENGTH_TOO_LARGE", { ...limit }) : undefined;
  };
}
