import type { Readable } from "node:stream";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  type S3ClientConfig,
} from "@aws-sdk/client-s3";
import { ByteBudget } from "../../concurrency/byte-budget.ts";
import type { StorageLocation } from "../../config/storage-url.ts";
import { assertBlobKey } from "../blob-key.ts";
import type { BlobEntry, BlobSource, BlobStore, ByteRange, RedirectToBlob, SharedFiles } from "../blob-store.ts";
import { assertByteRange } from "../byte-range.ts";
import type { PartialBlobs } from "../partial/partial-blobs.ts";
import { StorageError } from "../storage-error.ts";
import { blobStream } from "./blob-stream.ts";
import { Bucket } from "./bucket.ts";
import { checkBucket } from "./check-bucket.ts";
import { abortUploads, listBlobs } from "./list-bucket.ts";
import { type ObjectKeys, objectKeys } from "./object-keys.ts";
import { S3PartialBlobs } from "./partial/s3-partial-blobs.ts";
import { putBlob } from "./put-blob.ts";
import { isMissing, missing } from "./s3-error.ts";
import { type S3Limits, s3Limits } from "./s3-limits.ts";
import { S3SharedFiles } from "./s3-shared-files.ts";
import { signLink } from "./sign-link.ts";

export interface S3Overrides {
  /** Credentials to use instead of those in the AWS variables and files. */
  readonly credentials?: S3ClientConfig["credentials"];
  readonly limits?: Partial<S3Limits>;
  /** Aborts the opening of the store. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens the store at `<prefix>/<first two characters of the key>/<key>` in an existing bucket.
 * @throws ConfigError when region, credentials or bucket are wrong; StorageError when the service does not answer
 */
export async function openS3BlobStore(
  options: StorageLocation,
  { credentials, limits, signal }: S3Overrides = {},
): Promise<BlobStore> {
  const bucket = new Bucket(options, { ...s3Limits, ...limits }, credentials);
  try {
    await checkBucket(bucket, signal);
  } catch (error) {
    bucket.close();
    throw error;
  }
  return new S3BlobStore(bucket, options);
}

class S3BlobStore implements BlobStore {
  readonly redirect: RedirectToBlob | undefined;
  readonly sharedFiles: SharedFiles;
  readonly leavesUnfinished = true;
  readonly partial: PartialBlobs;
  readonly #bucket: Bucket;
  readonly #keys: ObjectKeys;
  readonly #budget: ByteBudget;

  constructor(bucket: Bucket, { prefix, redirect }: StorageLocation) {
    this.#bucket = bucket;
    this.#keys = objectKeys(prefix);
    // An admitted put finds a free connection. Waiting for one would count as a service that can't be reached.
    this.#budget = new ByteBudget(bucket.limits.bufferBytes, { users: bucket.limits.writeSockets });
    this.partial = new S3PartialBlobs(bucket, this.#keys, this.#budget);
    this.sharedFiles = new S3SharedFiles(bucket, this.#budget, this.#keys.prefix);
    this.redirect = redirect ? (key, answer) => signLink(bucket, this.#objectKey(key), answer) : undefined;
  }

  async put(key: string, source: BlobSource, signal?: AbortSignal): Promise<void> {
    const objectKey = this.#objectKey(key);
    signal?.throwIfAborted();
    await putBlob({ bucket: this.#bucket, budget: this.#budget, key, objectKey, source, signal });
  }

  async size(key: string, signal?: AbortSignal): Promise<number | undefined> {
    const target = this.#target(key);
    const { client } = this.#bucket;
    try {
      const { ContentLength } = await this.#bucket.request(
        { action: `look up blob ${key}`, signal, meaning: missing },
        (options) => client.send(new HeadObjectCommand(target), options),
      );
      return ContentLength;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async read(key: string, range?: ByteRange, signal?: AbortSignal): Promise<Readable> {
    const target = this.#target(key);
    if (range !== undefined) assertByteRange(range);
    const { readClient, limits } = this.#bucket;
    const action = `read blob ${key}`;
    const command = new GetObjectCommand({ ...target, ...(range && { Range: `bytes=${range.start}-${range.end}` }) });
    const answer = await this.#bucket.request({ action, signal, meaning: missing }, (options) =>
      readClient.send(command, options),
    );
    const body = answer.Body as Readable;
    if (range !== undefined && answer.$metadata.httpStatusCode !== 206) {
      body.destroy();
      throw new StorageError("STORAGE_FAILED", `Can't ${action}: the service does not support byte ranges`);
    }
    return blobStream(body, { length: answer.ContentLength ?? 0, idleMs: limits.idleMs, action, signal });
  }

  async delete(key: string, signal?: AbortSignal): Promise<void> {
    const target = this.#target(key);
    const { client } = this.#bucket;
    await this.#bucket.request({ action: `delete blob ${key}`, signal }, (options) =>
      client.send(new DeleteObjectCommand(target), options),
    );
  }

  list(signal?: AbortSignal): AsyncIterable<BlobEntry> {
    return listBlobs(this.#bucket, this.#keys, signal);
  }

  async removeUnfinished(startedBefore: Date, spared: ReadonlySet<string>, signal?: AbortSignal): Promise<number> {
    return abortUploads(this.#bucket, this.#keys, startedBefore, spared, signal);
  }

  async check(signal?: AbortSignal): Promise<void> {
    const { client, name } = this.#bucket;
    await this.#bucket.request({ action: "use the blob store", kind: "glance", signal }, (options) =>
      client.send(new HeadBucketCommand({ Bucket: name }), options),
    );
  }

  async close(): Promise<void> {
    this.#bucket.close();
  }

  #target(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket.name, Key: this.#objectKey(key) };
  }

  #objectKey(key: string): string {
    assertBlobKey(key);
    return this.#keys.objectKeyOf(key);
  }
}
