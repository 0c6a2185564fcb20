import { createHash, type Hash, timingSafeEqual } from "node:crypto";
import { SluiceError } from "@sluice/protocol";
import { blockBytes, type SpooledFile } from "../../spool/spool-file.ts";
import type { AdmittedBody } from "../form/admission/upload-slot.ts";
import type { ResumableDeps } from "./deps.ts";

/** The algorithms of Upload-Checksum, each with the length of its digest in bytes. */
const algorithms = { sha1: 20, sha256: 32 } as const;
type Algorithm = keyof typeof algorithms;

export const checksumAlgorithms = Object.keys(algorithms).join(",");

const header = "Upload-Checksum";

/** The checksum that a piece's bytes are said to have. */
export interface Checksum {
  newHash(): Hash;
  matches(hash: Hash): boolean;
}

/** @throws SluiceError TUS_HEADER_INVALID */
export function parseChecksum(text: string | undefined): Checksum | undefined {
  if (text === undefined) return undefined;
  const [algorithm = "", encoded = "", ...others] = text.split(" ");
  if (!isAlgorithm(algorithm)) throw invalid(`The algorithms are ${checksumAlgorithms}.`);
  const expected = Buffer.from(encoded, "base64");
  if (others.length > 0 || expected.length !== algorithms[algorithm] || expected.toString("base64") !== encoded) {
    throw invalid(`Send ${algorithm}, a blank, and the ${algorithms[algorithm]} bytes of the checksum in base64.`);
  }
  return {
    newHash: () => createHash(algorithm),
    matches: (hash) => timingSafeEqual(hash.digest(), expected),
  };
}

function isAlgorithm(text: string): text is Algorithm {
  return Object.hasOwn(algorithms, text);
}

function invalid(problem: string): SluiceError {
  return new SluiceError("TUS_HEADER_INVALID", { header, problem });
}

interface PieceToStage {
  readonly checksum: Checksum;
  /** Bytes that the upload's length leaves. */
  readonly left: number;
  readonly contentLength: number | undefined;
}

/** A piece whose checksum holds. */
interface StagedPiece {
  chunks(): AsyncGenerator<Uint8Array, void, undefined>;
  /** Never throws. */
  discard(): Promise<void>;
}

/**
 * Takes the whole piece into the spool, because none of it may be kept unless its checksum holds.
 * @throws SluiceError CHECKSUM_MISMATCH, PIECE_TOO_LARGE, PIECE_BEYOND_LENGTH; whatever ended the body
 */
export async function stagePiece(
  { config, freeSpace, spool }: Pick<ResumableDeps, "config" | "freeSpace" | "spool">,
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
