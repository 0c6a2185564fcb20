import { statfs } from "node:fs/promises";
import { SluiceError } from "@sluice/protocol";
import type { ByteBound } from "../../../concurrency/byte-quota.ts";
import { FairQueue } from "../../../concurrency/fair-queue.ts";
import type { Config } from "../../../config/config.ts";
import { largestFile } from "../../../config/plans.ts";
import { UnauthenticatedUploads } from "./unauthenticated-uploads.ts";

/**
 * Bounds the uploads that run at once. Uploads with valid credentials have slots of their own, which no upload without
 * credentials can take. An upload that waits for a slot is not read. If none becomes free in time, its client is told to
 * come back (docs/architecture.md decision 11).
 */
export interface UploadAdmission {
  /** The slots of uploads with valid credentials. */
  readonly authenticated: FairQueue;
  /** The uploads whose file arrives before any credentials. */
  readonly unauthenticated: UnauthenticatedUploads;
  /** The slots in which whole resumable uploads are stored. Uploads that wait for one keep their other slot. */
  readonly finishing: FairQueue;
}

/** The part of the slots that one client may have. Slow requests of one client must not shut out everybody else. */
const clientShare = 0.5;
/** The part of the slots that one account may have. Slow requests of one account must not shut out all others. */
const accountShare = 0.75;

/**
 * The number of resumable uploads that a process stores at once. Pieces take little memory, but to store an upload is to
 * look at its bytes, and hundreds of uploads may be complete at the same moment.
 */
const maxFinishing = 16;

/** @param spoolFolder the folder of the spool; its file system bounds how much is spooled without credentials */
export async function openUploadAdmission(config: Config, spoolFolder: string): Promise<UploadAdmission> {
  const { limits, fileSize, workers } = config;
  const maxFileBytes = largestFile(fileSize);
  const bound = await openSpoolBound({
    folder: spoolFolder,
    // One upload of the largest size has to fit into each process's part.
    maxBytes: Math.max(limits.spoolBytes, (4 * maxFileBytes) / workers, maxFileBytes),
    processes: workers,
  });
  const waiting = { clientShare, waitMs: limits.waitMs, refusal: () => new SluiceError("SERVER_BUSY") };
  return {
    authenticated: new FairQueue({ capacity: limits.uploads, accountShare, ...waiting }),
    unauthenticated: new UnauthenticatedUploads({ files: limits.spoolFiles, bound, ...waiting }),
    finishing: new FairQueue({ capacity: maxFinishing, accountShare, ...waiting }),
  };
}

export interface SpoolBoundOptions {
  /** The folder of the spool. Its file system is the one that is measured. */
  readonly folder: string;
  /** The maximum number of bytes that are spooled without credentials, even if the disk has more left. */
  readonly maxBytes: number;
  /** The number of processes that share the file system. */
  readonly processes: number;
}

/** The age at which a measurement of the disk is repeated. */
const maxAgeMs = 1000;

/**
 * Bounds how much is spooled without credentials: the limit, or half of the space that the disk would have without those
 * files if that is less. The other half is left to the clients that have shown credentials.
 */
export async function openSpoolBound({ folder, maxBytes, processes }: SpoolBoundOptions): Promise<ByteBound> {
  let ofDisk = Number.POSITIVE_INFINITY;
  let measuredAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;
  async function look(held: number): Promise<void> {
    measuredAt = performance.now();
    try {
      const { bavail, bsize } = await statfs(folder);
      ofDisk = (bavail * bsize + held) / 2 / processes;
    } catch {
      // The last measurement stays in use: a disk that can't be measured can't be written to, and the write reports it.
    }
  }
  function measure(held: number): Promise<void> {
    looking ??= look(held).finally(() => {
      looking = undefined;
    });
    return looking;
  }
  await measure(0);
  return {
    measure,
    bytes(held) {
      if (performance.now() - measuredAt > maxAgeMs) void measure(held);
      return Math.min(maxBytes, ofDisk);
    },
  };
}
