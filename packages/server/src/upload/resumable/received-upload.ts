import { type FileHandle, open } from "node:fs/promises";
import { SluiceError } from "@sluice/protocol";
import { type ArrivedFile, openArrivedFile } from "../../library/content/arrived-file.ts";
import type { CompleteBytes } from "../../storage/partial/partial-blobs.ts";
import { toStorageError } from "../../storage/storage-error.ts";
import type { FinishServices, ResumableDeps } from "./deps.ts";
import { discardBytes, endIfBytesAreGone } from "./end-session.ts";
import type { Lease } from "./lease.ts";
import { Head, RunningHash } from "./running-hashes.ts";

export type ReceivedDeps = FinishServices & Pick<ResumableDeps, "hashes">;

/** The bytes of a session that have all come. It is closed whatever becomes of the upload. */
export interface ReceivedUpload extends Pick<OpenedUpload, "file" | "head"> {
  /** Ends the session, whose file is stored, and discards what it holds besides. A second call does nothing. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the bytes of a session that have all come.
 * @throws SluiceError UPLOAD_SESSION_ENDED when they are gone; StorageError; the signal's reason
 */
export async function openReceived(deps: ReceivedDeps, lease: Lease, signal: AbortSignal): Promise<ReceivedUpload> {
  const { digest, session } = lease;
  const { bytes, length, takeovers } = session;
  if (bytes === undefined) throw new SluiceError("UPLOAD_SESSION_ENDED");
  // After a takeover, a second writer may have been at the bytes, and may still be.
  const isContested = takeovers > 0;
  let hash = isContested ? undefined : deps.hashes.take(digest, length);
  let source: OpenedUpload | undefined;
  let isSettled = false;
  const received = {
    async settle() {
      if (isSettled) return;
      isSettled = true;
      await source?.close();
      lease.end({ state: "stored" });
      await discardBytes(deps, { digest, bytes, isStored: true });
    },
    async close() {
      // The next try, if there is one, needs not read the bytes for it.
      if (!isSettled) deps.hashes.keep(digest, length, hash);
      await source?.close();
    },
  };
  try {
    const complete = await deps.blobs.partial.complete(bytes, signal).catch(async (error: unknown) => {
      await endIfBytesAreGone(deps, lease, error);
      throw error;
    });
    source = await openComplete(deps, complete, { running: hash, isContested }, signal);
    ({ hash } = source);
    return { file: source.file, head: source.head, ...received };
  } catch (error) {
    await received.close();
    throw error;
  }
}

type OpenDeps = Pick<FinishServices, "blobs" | "config" | "freeSpace" | "spool">;
type CompleteFile = Extract<CompleteBytes, { readonly kind: "file" }>;

/** Bytes that are read at a time. */
const readBytes = 1024 * 1024;

interface OpenOptions {
  /** The hash that ran along while the bytes came. */
  readonly running: RunningHash | undefined;
  /** Whether a holder that lost its lease may still write into a file of these bytes. */
  readonly isContested: boolean;
}

interface OpenedUpload extends ArrivedFile {
  /** The hash of all bytes, which a further try needs not read them for. */
  readonly hash: RunningHash | undefined;
}

/**
 * Opens the bytes of an upload that has come whole, with their hash: the one that ran along, or else the bytes are read
 * once for it.
 * @throws StorageError; the signal's reason
 */
async function openComplete(
  deps: OpenDeps,
  complete: CompleteBytes,
  { running, isContested }: OpenOptions,
  signal: AbortSignal,
): Promise<OpenedUpload> {
  if (complete.kind === "stored") {
    return { ...(await openArrivedFile(deps, complete, running, signal)), hash: running };
  }
  try {
    return isContested ? await copyFile(deps, complete, signal) : await openFile(complete, running, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw toStorageError(error, "read the bytes of a finished upload");
  }
}

async function openFile(
  { path, size }: CompleteFile,
  running: RunningHash | undefined,
  signal: AbortSignal,
): Promise<OpenedUpload> {
  const handle = await open(path, "r");
  try {
    const hash = running ?? (await hashOf(bytesOf(handle, signal)));
    let closing: Promise<void> | undefined;
    return {
      file: { path, handle, size, sha256: hash.sha256 },
      head: hash.head,
      hash,
      close: () => {
        closing ??= handle.close();
        return closing;
      },
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * Copies the bytes into the spool. A link would make a blob of the growing file, and a process that hung and has lost
 * its lease unseen may still have that file open for writing. A blob never changes once it is stored.
 */
async function copyFile(
  { freeSpace, spool }: OpenDeps,
  { path, size }: CompleteFile,
  signal: AbortSignal,
): Promise<OpenedUpload> {
  await freeSpace.assert({ spool: size, blobs: size });
  const copy = spool.create(signal);
  const head = new Head();
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, "r");
    for await (const chunk of bytesOf(handle, signal)) {
      head.take(chunk);
      await copy.write(chunk);
    }
    return { file: await copy.finish(), head: head.bytes, hash: undefined, close: () => copy.discard() };
  } catch (error) {
    await copy.discard();
    throw error;
  } finally {
    await handle?.close();
  }
}

function bytesOf(handle: FileHandle, signal: AbortSignal): AsyncIterable<Buffer> {
  return handle.createReadStream({ start: 0, autoClose: false, highWaterMark: readBytes, signal });
}

async function hashOf(bytes: AsyncIterable<Buffer>): Promise<RunningHash> {
  const hash = new RunningHash();
  for await (const chunk of bytes) hash.update(chunk);
  return hash;
}
