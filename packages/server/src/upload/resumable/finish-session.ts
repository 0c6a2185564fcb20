import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { SluiceError } from "@sluice/protocol";
import { type ArrivedFile, openArrivedFile } from "../../library/content/arrived-file.ts";
import { sniffLength } from "../../media/inspect/sniff.ts";
import type { CompleteBytes } from "../../storage/partial/partial-blobs.ts";
import { StorageError, toStorageError } from "../../storage/storage-error.ts";
import { UploadResolver } from "../resolve/upload-resolver.ts";
import { storeUpload } from "../store/store-upload.ts";
import { discardBytes, endIfBytesAreGone, refuseForGood } from "./end-session.ts";
import { type Lease, LeaseLost } from "./leases.ts";
import type { FinishServices, ResumableNeeds } from "./needs.ts";
import { principalOfSession } from "./session-principal.ts";
import type { SessionBytes, UploadSession } from "./sessions/session.ts";

type FinishNeeds = FinishServices & Pick<ResumableNeeds, "hashes">;

/**
 * Stores a session whose bytes have all come, as any upload is stored. The transaction that stores it is the session's
 * end, so it happens once, whoever finishes it. It goes on when its client leaves.
 * @throws SluiceError for a refusal, which is kept; STORAGE_UNAVAILABLE and the like, after which the session is as
 * complete as before and can be finished again
 */
export async function finishSession(needs: FinishNeeds, lease: Lease): Promise<void> {
  try {
    await store(needs, lease);
    needs.metrics.uploads.inc({ outcome: "stored" });
  } catch (thrown) {
    if (thrown instanceof StorageError) needs.freeSpace.distrust();
    if (lease.lost.aborted || thrown instanceof LeaseLost) {
      throw new SluiceError("UPLOAD_SESSION_BUSY", {}, { cause: thrown });
    }
    if (!(thrown instanceof SluiceError) || thrown.status >= 500) throw thrown;
    if (thrown.reason !== "UPLOAD_SESSION_ENDED") await refuseForGood(needs, lease, thrown);
    throw thrown;
  }
}

async function store(needs: FinishNeeds, lease: Lease): Promise<void> {
  const { digest, holder, session } = lease;
  const { bytes, fields, token, client, requestId } = session;
  if (bytes === undefined) throw new SluiceError("UPLOAD_SESSION_ENDED");
  const signal = lease.lost;
  const principal = await principalOfSession(needs, session);
  const plan = await new UploadResolver(needs).resolve(principal, new Map(fields));
  const complete = await completeBytes(needs, lease, bytes);
  const source = await openSource(needs, session, complete, signal);
  let isDiscarded = false;
  const discard = async (): Promise<void> => {
    if (isDiscarded) return;
    isDiscarded = true;
    await source.close();
    lease.end({ state: "stored" });
    await discardBytes(needs, { digest, bytes, isStored: true });
  };
  try {
    const toStore = { plan, file: source.file, head: source.head, token, client, requestId, onStored: discard };
    await storeUpload(needs, { ...toStore, session: { digest, holder } }, signal);
    await discard();
  } finally {
    await source.close();
  }
}

async function completeBytes(needs: FinishNeeds, lease: Lease, bytes: SessionBytes): Promise<CompleteBytes> {
  try {
    return await needs.blobs.partial.complete(bytes, lease.lost);
  } catch (error) {
    await endIfBytesAreGone(needs, lease, error);
    throw error;
  }
}

/** Bytes that are read at a time for a hash. */
const readBytes = 1024 * 1024;

/** Opens the finished bytes, with their hash: the one that ran along, or else they are read once more for it. */
async function openSource(
  needs: FinishNeeds,
  session: UploadSession,
  complete: CompleteBytes,
  signal: AbortSignal,
): Promise<ArrivedFile> {
  const { digest, length, takeovers } = session;
  const running = takeovers > 0 ? undefined : needs.hashes.take(digest, length);
  if (complete.kind === "stored") return openArrivedFile(needs, complete, running, signal);
  const { path, size } = complete;
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, "r");
    const opened = handle;
    const known =
      running ??
      (await hashOf(opened.createReadStream({ start: 0, autoClose: false, highWaterMark: readBytes, signal })));
    let closing: Promise<void> | undefined;
    return {
      file: { path, handle: opened, size, sha256: known.sha256 },
      head: known.head,
      close: () => {
        closing ??= opened.close();
        return closing;
      },
    };
  } catch (error) {
    await handle?.close();
    signal.throwIfAborted();
    throw toStorageError(error, "read the bytes of a finished upload");
  }
}

async function hashOf(bytes: Readable): Promise<{ readonly sha256: Buffer; readonly head: Buffer }> {
  const hash = createHash("sha256");
  const head: Buffer[] = [];
  let headLength = 0;
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    hash.update(chunk);
    if (headLength >= sniffLength) continue;
    const part = Buffer.from(chunk.subarray(0, sniffLength - headLength));
    head.push(part);
    headLength += part.length;
  }
  return { sha256: hash.digest(), head: Buffer.concat(head) };
}
