import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { StorageError } from "../storage-error.ts";
import { lingering } from "./bucket.ts";
import type { Put } from "./put.ts";
import { isMissing, missing } from "./s3-error.ts";
import { partSizeOf } from "./s3-limits.ts";

/**
 * Stores a large blob as a multipart upload. A failure aborts the upload. This doesn't use the client's own helper
 * (lib-storage) for three reasons: when the helper is told to stop, it lets current requests run on; it returns before
 * the upload is aborted; and it bounds the memory of one upload alone, not that of all.
 */
export async function putParts(put: Put): Promise<void> {
  const { bucket, key, objectKey, source, action, metadata, signal } = put;
  const target = { Bucket: bucket.name, Key: objectKey };
  // Few services refuse to complete an upload whose key is taken.
  if (await exists(put)) throw new StorageError("BLOB_EXISTS", `There is a blob ${key} already`);
  const { UploadId } = await bucket.request({ action, signal }, (options) =>
    bucket.client.send(new CreateMultipartUploadCommand({ ...target, Metadata: metadata }), options),
  );
  const upload = { ...target, UploadId };
  try {
    const parts = await sendParts(put, UploadId);
    signal?.throwIfAborted();
    using patient = lingering(signal, bucket.limits.lingerMs);
    const completing = { action, signal: patient.signal, kind: "long", meaning: { 412: "BLOB_EXISTS" } } as const;
    await bucket.request(completing, (options) =>
      bucket.client.send(
        new CompleteMultipartUploadCommand({ ...upload, IfNoneMatch: "*", MultipartUpload: { Parts: parts } }),
        options,
      ),
    );
    const { ContentLength } = await bucket.request({ action, signal }, (options) =>
      bucket.client.send(new HeadObjectCommand(target), options),
    );
    if (ContentLength !== source.size) {
      throw new StorageError("STORAGE_FAILED", `Can't ${action}: ${ContentLength} bytes arrived of ${source.size}`);
    }
  } catch (error) {
    // The sweep aborts an upload that can't be aborted here.
    await bucket
      .request({ action }, (options) => bucket.client.send(new AbortMultipartUploadCommand(upload), options))
      .catch(() => undefined);
    throw error;
  }
}

async function exists({ bucket, objectKey, action, signal }: Put): Promise<boolean> {
  try {
    await bucket.request({ action, signal, meaning: missing }, (options) =>
      bucket.client.send(new HeadObjectCommand({ Bucket: bucket.name, Key: objectKey }), options),
    );
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/**
 * Sends a few parts at a time. The first failure ends the others. All of them have ended when this function returns.
 */
async function sendParts(put: Put, UploadId: string | undefined): Promise<CompletedPart[]> {
  const { bucket, budget, objectKey, source, read, action } = put;
  const partBytes = partSizeOf(source.size, bucket.limits.partBytes);
  const stop = new AbortController();
  const signal = put.signal === undefined ? stop.signal : AbortSignal.any([put.signal, stop.signal]);
  const parts: CompletedPart[] = [];
  let next = 0;

  async function sendInTurn(): Promise<void> {
    while (next * partBytes < source.size) {
      const number = next++;
      const start = number * partBytes;
      const length = Math.min(partBytes, source.size - start);
      await budget.use(length, signal, async () => {
        const part = { Bucket: bucket.name, Key: objectKey, UploadId, PartNumber: number + 1 };
        const command = new UploadPartCommand({ ...part, Body: await read(start, length), ContentLength: length });
        const { ETag } = await bucket.request({ action, signal, kind: "long" }, (options) =>
          bucket.writeClient.send(command, options),
        );
        parts[number] = { ETag, PartNumber: part.PartNumber };
      });
    }
  }

  const sending = Array.from({ length: bucket.limits.partsAtOnce }, () =>
    sendInTurn().catch((error: unknown) => {
      stop.abort(error);
      throw error;
    }),
  );
  await Promise.allSettled(sending);
  await Promise.all(sending);
  return parts;
}
