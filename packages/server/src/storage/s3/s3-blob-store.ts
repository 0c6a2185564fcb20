import type { Readable } from "node:stream";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  type S3ClientConfig,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { ByteBudget } from "../../concurrency/byte-budget.ts";
import { ConfigError } from "../../config/config-error.ts";
import type { StorageLocation } from "../../config/storage-url.ts";
import { assertBlobKey } from "../blob-key.ts";
import {
  assertByteRange,
  type BlobEntry,
  type BlobSource,
  type BlobStore,
  type ByteRange,
  type LinkedAnswer,
  type RedirectToBlob,
  type SharedFiles,
} from "../blob-store.ts";
import type { PartialBlobs } from "../partial/partial-blobs.ts";
import { StorageError } from "../storage-error.ts";
import { blobStream } from "./blob-stream.ts";
import { Bucket } from "./bucket.ts";
import { abortUploads, listBlobs } from "./list-bucket.ts";
import { type ObjectKeys, objectKeys } from "./object-keys.ts";
import { S3PartialBlobs } from "./partial/s3-partial-blobs.ts";
import { putBlob } from "./put-blob.ts";
import { isMissing, missing, statusOf, toS3StorageError } from "./s3-error.ts";
import { type S3Limits, s3Limits } from "./s3-limits.ts";
import { S3SharedFiles } from "./s3-shared-files.ts";

const problems: Readonly<Record<number, (bucket: string) => string>> = {
  301: (bucket) => `bucket ${bucket} is in another region`,
  400: (bucket) => `the service refuses to look at bucket ${bucket}: check region and credentials`,
  403: (bucket) => `the credentials give no access to bucket ${bucket}`,
  404: (bucket) => `there is no bucket ${bucket}`,
};

/**
 * Checks the bucket at the start. An operator's mistake is reported in one line.
 * @throws ConfigError; StorageError when the service can't be asked
 */
async function checkBucket(bucket: Bucket, signal?: AbortSignal): Promise<void> {
  const { client, name, option } = bucket;
  const blame = (problem: string): never => {
    throw new ConfigError(`${option}: ${problem}`);
  };
  await client.config.region().catch(() => blame("it names no region, and neither does AWS_REGION"));
  await client.config
    .credentials()
    .catch(() => blame("there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"));
  const problem = await bucket.request({ action: "look at the blob store", signal }, (options) =>
    client.send(new HeadBucketCommand({ Bucket: name }), options).then(
      () => undefined,
      (error: unknown) => {
        const known = problems[statusOf(error) ?? 0];
        if (known === undefined) throw error;
        return known(name);
      },
    ),
  );
  if (problem !== undefined) blame(problem);
}

/** Returns an address in the bucket that gives this answer for a while. Everything in the address is signed. */
async function signLink(bucket: Bucket, objectKey: string, answer: LinkedAnswer): Promise<string> {
  const { contentType, contentDisposition, cacheControl, seconds } = answer;
  const command = new GetObjectCommand({
    Bucket: bucket.name,
    Key: objectKey,
    ResponseContentType: contentType,
    ResponseContentDisposition: contentDisposition,
    ResponseCacheControl: cacheControl,
  });
  try {
    return await getSignedUrl(bucket.readClient, command, { expiresIn: seconds });
  } catch (error) {
    throw toS3StorageError(error, "sign an address");
  }
}

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
