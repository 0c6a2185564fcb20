import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  type MultipartUpload,
} from "@aws-sdk/client-s3";
import type { BlobEntry } from "../blob-store.ts";
import type { Bucket } from "./bucket.ts";
import { derivedFolder, type ObjectKeys } from "./object-keys.ts";
import { isMissing, missing } from "./s3-error.ts";

/**
 * Lists every blob, page by page. It skips other objects under the prefix, which are none of the store's, and the
 * derived files.
 */
export async function* listBlobs(bucket: Bucket, keys: ObjectKeys, signal?: AbortSignal): AsyncIterable<BlobEntry> {
  const derived = keys.prefix + derivedFolder;
  let from: { ContinuationToken?: string | undefined; StartAfter?: string } | undefined = {};
  while (from !== undefined) {
    const command: ListObjectsV2Command = new ListObjectsV2Command({
      Bucket: bucket.name,
      Prefix: keys.prefix,
      ...from,
    });
    const page = await bucket.request({ action: "list the blobs", signal }, (options) =>
      bucket.client.send(command, options),
    );
    for (const { Key, Size, LastModified } of page.Contents ?? []) {
      signal?.throwIfAborted();
      const key = keys.blobKeyOf(Key);
      if (key === undefined || Size === undefined || LastModified === undefined) continue;
      yield { key, size: Size, modifiedAt: LastModified };
    }
    // There may be many more derived files than blobs.
    const inDerived = page.Contents?.at(-1)?.Key?.startsWith(derived) === true;
    from = !page.IsTruncated
      ? undefined
      : inDerived
        ? { StartAfter: behind(derived) }
        : { ContinuationToken: page.NextContinuationToken };
  }
}

/** Returns a key that sorts behind every key in that folder, and before every other key that follows the folder. */
function behind(folder: string): string {
  return folder.replace(/\/$/, String.fromCharCode("/".charCodeAt(0) + 1));
}

/**
 * Aborts multipart uploads of blobs and derived files that began before that time, except for those of the spared
 * blobs. If the service can't abort one of them now (a killed gateway leaves them locked for a while), the others are
 * aborted all the same.
 * @returns the number of aborted uploads
 * @throws the first failure, when all have been tried
 */
export async function abortUploads(
  bucket: Bucket,
  keys: ObjectKeys,
  startedBefore: Date,
  spared: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<number> {
  const action = "take back abandoned uploads";
  let aborted = 0;
  const failures: unknown[] = [];
  for await (const { Key, UploadId, Initiated } of listUploads(bucket, keys.prefix, signal)) {
    const blobKey = keys.blobKeyOf(Key);
    const isOurs = blobKey !== undefined || Key?.startsWith(keys.prefix + derivedFolder);
    if (!isOurs || Initiated === undefined || Initiated >= startedBefore) continue;
    if (blobKey !== undefined && spared.has(blobKey)) continue;
    const command = new AbortMultipartUploadCommand({ Bucket: bucket.name, Key, UploadId });
    try {
      await bucket.request({ action, signal, meaning: missing }, (options) => bucket.client.send(command, options));
      aborted++;
    } catch (error) {
      signal?.throwIfAborted();
      // Another node has aborted the upload already.
      if (!isMissing(error)) failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return aborted;
}

/** Lists the multipart uploads under way to object keys that begin so. */
export async function* listUploads(
  bucket: Bucket,
  Prefix: string,
  signal?: AbortSignal,
): AsyncIterable<MultipartUpload> {
  let marker: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } | undefined = {};
  while (marker !== undefined) {
    const command: ListMultipartUploadsCommand = new ListMultipartUploadsCommand({
      Bucket: bucket.name,
      Prefix,
      ...marker,
    });
    const page = await bucket.request({ action: "list uploads under way", signal }, (options) =>
      bucket.client.send(command, options),
    );
    yield* page.Uploads ?? [];
    marker = page.IsTruncated ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker } : undefined;
  }
}
