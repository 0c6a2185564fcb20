import { open } from "node:fs/promises";
import { SluiceError } from "@sluice/protocol";
import type { Logger } from "pino";
import { FairQueue } from "../concurrency/fair-queue.ts";
import { ShareWork } from "../concurrency/share-work.ts";
import type { SpooledFile } from "../spool/spool-file.ts";
import { type ClamdOptions, pingClamd, ScanError, scanStream } from "./clamd.ts";

/** Checks uploaded files for known malware. */
export interface VirusScanner {
  /** The size in bytes of the largest file that can be scanned for sure. */
  readonly maxBytes: number;
  /**
   * Checks that files can be scanned. It is cheap enough for each upload, and simultaneous callers share one check.
   * @throws SluiceError SCANNER_UNAVAILABLE when nothing could be scanned now; the signal's reason
   */
  assertReady(signal?: AbortSignal): Promise<void>;
  /** @throws SluiceError FILE_INFECTED, SCANNER_UNAVAILABLE, SERVER_BUSY; the signal's reason */
  scan(file: SpooledFile, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Scans nothing, so that every file passes. */
export const noScanner: VirusScanner = {
  maxBytes: Number.POSITIVE_INFINITY,
  async assertReady() {},
  async scan() {},
  async close() {},
};

export interface ScannerOptions extends ClamdOptions {
  /** The number of scans that run at a time, and the number that may wait. */
  readonly concurrency: number;
  readonly queueLimit: number;
  /** The size of the largest file that the operator has set clamd to judge. */
  readonly maxBytes: number;
  /** The time for one whole scan, without the wait for it. */
  readonly scanMs: number;
  readonly logger?: Pick<Logger, "error"> | undefined;
  readonly scanned?: ((outcome: "clean" | "infected" | "failed") => void) | undefined;
}

/** The time for which the result of a check of clamd is valid. */
const freshMs = 2000;
/** A clamd that is down is logged once in this time, not for every upload. */
const quietMs = 10_000;
const blockBytes = 256 * 1024;

/**
 * Refuses files that clamd does not judge (fail closed). Whatever the reason that clamd is down, no file gets in
 * unseen.
 */
export function clamdScanner(options: ScannerOptions): VirusScanner {
  const { concurrency, queueLimit, scanMs, logger, scanned } = options;
  const queue = new FairQueue({
    capacity: concurrency,
    queueLimit,
    refusal: (cause) => new SluiceError("SERVER_BUSY", {}, { cause }),
  });
  let seenAt = Number.NEGATIVE_INFINITY;
  let toldAt = Number.NEGATIVE_INFINITY;
  const looks = new ShareWork<void>();

  async function look(signal: AbortSignal): Promise<void> {
    try {
      await pingClamd(options, AbortSignal.any([signal, AbortSignal.timeout(options.silenceMs)]));
      seenAt = performance.now();
    } catch (error) {
      signal.throwIfAborted();
      throw unavailable(error);
    }
  }

  function unavailable(error: unknown): SluiceError {
    seenAt = Number.NEGATIVE_INFINITY;
    if (performance.now() - toldAt >= quietMs) {
      toldAt = performance.now();
      logger?.error({ err: error }, "clamd did not answer or could not scan a file: uploads are refused until it does");
    }
    return new SluiceError("SCANNER_UNAVAILABLE", {}, { cause: error });
  }

  async function judge(file: SpooledFile, signal: AbortSignal): Promise<void> {
    const limit = AbortSignal.timeout(scanMs);
    const within = AbortSignal.any([limit, signal]);
    try {
      const result = await scanStream(options, bytesOf(file, within), within);
      seenAt = performance.now();
      scanned?.(result.clean ? "clean" : "infected");
      if (!result.clean) throw new SluiceError("FILE_INFECTED", { signature: shown(result.signature) });
    } catch (error) {
      if (error instanceof SluiceError) throw error;
      signal.throwIfAborted();
      if (!(error instanceof ScanError) && !limit.aborted) throw error;
      scanned?.("failed");
      throw unavailable(error);
    }
  }

  return {
    maxBytes: options.maxBytes,
    async assertReady(signal = new AbortController().signal) {
      if (performance.now() - seenAt >= freshMs) await looks.run("look", look, signal);
    },
    scan: (file, signal) => queue.run((stop) => judge(file, stop), signal),
    close: () => queue.close(),
  };
}

/** The signature's name for an error text. Operators can write clamd's database, so the name may hold anything. */
function shown(signature: string): string {
  return signature.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 200);
}

async function* bytesOf(file: SpooledFile, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  if ("chunks" in file) {
    yield* file.chunks;
    return;
  }
  if ("openRange" in file) {
    yield* (await file.open(signal)) as AsyncIterable<Uint8Array>;
    return;
  }
  const { handle, path, size } = file;
  const opened = handle ?? (await open(path));
  try {
    // Read by position, because the store reads the file through the same handle.
    for (let position = 0; position < size; ) {
      const { bytesRead, buffer } = await opened.read(Buffer.allocUnsafe(blockBytes), 0, blockBytes, position);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
      position += bytesRead;
    }
  } finally {
    if (handle === undefined) await opened.close();
  }
}
