import { SluiceError } from "@sluice/protocol";
import type { SpooledFile } from "../../spool/spool-file.ts";
import { blockBytes } from "../../spool/spool-file.ts";
import type { AdmittedBody } from "../form/admission/upload-slot.ts";
import type { Checksum } from "./checksum.ts";
import type { ResumableNeeds } from "./needs.ts";

export interface PieceToStage {
  readonly checksum: Checksum;
  /** Bytes that the upload's length leaves. */
  readonly left: number;
  readonly contentLength: number | undefined;
}

/** A piece whose checksum holds. */
export interface StagedPiece {
  chunks(): AsyncGenerator<Uint8Array, void, undefined>;
  /** Never throws. */
  discard(): Promise<void>;
}

/**
 * Takes the whole piece into the spool, because none of it may be kept unless its checksum holds.
 * @throws SluiceError CHECKSUM_MISMATCH, PIECE_TOO_LARGE, PIECE_BEYOND_LENGTH; whatever ended the body
 */
export async function stagePiece(
  { config, freeSpace, spool }: Pick<ResumableNeeds, "config" | "freeSpace" | "spool">,
  body: AdmittedBody,
  { checksum, left, contentLength }: PieceToStage,
): Promise<StagedPiece> {
  const limit = config.limits.resumableChecksumBytes;
  const announced = contentLength ?? Math.min(left, limit);
  if (announced > limit) throw new SluiceError("PIECE_TOO_LARGE", { limit });
  await freeSpace.assert({ spool: announced, blobs: 0 });
  const file = spool.create();
  try {
    const hash = checksum.newHash();
    for (;;) {
      const { done, value } = await body.next();
      if (done) break;
      const size = file.size + value.byteLength;
      if (size > left) throw new SluiceError("PIECE_BEYOND_LENGTH");
      if (size > limit) throw new SluiceError("PIECE_TOO_LARGE", { limit });
      hash.update(value);
      await file.write(value);
    }
    if (!checksum.matches(hash)) throw new SluiceError("CHECKSUM_MISMATCH");
    const spooled = await file.finish();
    return { chunks: () => chunksOf(spooled), discard: () => file.discard() };
  } catch (error) {
    await file.discard();
    throw error;
  }
}

async function* chunksOf(spooled: SpooledFile): AsyncGenerator<Uint8Array, void, undefined> {
  if ("chunks" in spooled) {
    yield* spooled.chunks;
  } else if ("handle" in spooled) {
    for (let position = 0; position < spooled.size; ) {
      const { buffer, bytesRead } = await spooled.handle.read({ buffer: Buffer.alloc(blockBytes), position });
      if (bytesRead === 0) throw new Error("the spool file is shorter than what was written");
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }
}
