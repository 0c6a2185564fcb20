import type { Readable } from "node:stream";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import type { ByteBudget } from "../../concurrency/byte-budget.ts";
import type { BlobSource, ByteRange, OpenedFile, SharedFile, SharedFiles } from "../blob-store.ts";
import { chunksOf } from "../blob-store.ts";
import { StorageError } from "../storage-error.ts";
import { blobStream } from "./blob-stream.ts";
import type { Bucket } from "./bucket.ts";
import { derivedFolder } from "./object-keys.ts";
import { putBlob } from "./put-blob.ts";
import { isMissing, missing } from "./s3-error.ts";

/** Stores the shared files at `<prefix>/derived/<first two characters of the key>/<key>`. */
export class S3SharedFiles implements SharedFiles {
  readonly #bucket: Bucket;
  readonly #budget: ByteBudget;
  readonly #prefix: string;

  /** @param prefix the prefix of all of the store's objects, which ends with a slash unless it is empty */
  constructor(bucket: Bucket, budget: ByteBudget, prefix: string) {
    this.#bucket = bucket;
    this.#budget = budget;
    this.#prefix = `${prefix}${derivedFolder}`;
  }

  async open(key: string, range?: ByteRange, signal?: AbortSignal): Promise<OpenedFile | undefined> {
    const target = this.#target(key);
    const { readClient, limits } = this.#bucket;
    const action = `read shared file ${key}`;
    const command = new GetObjectCommand({ ...target, ...(range && { Range: `bytes=${range.start}-${range.end}` }) });
    try {
      const answer = await this.#bucket.request({ action, signal, meaning: missing }, (options) =>
        readClient.send(command, options),
      );
      const body = answer.Body as Readable;
      const length = answer.ContentLength ?? 0;
      const size = range === undefined ? length : Number(answer.ContentRange?.split("/").at(-1));
      if (range !== undefined && !Number.isSafeInteger(size)) {
        body.destroy();
        throw new StorageError("STORAGE_FAILED", `Can't ${action}: the service does not support byte ranges`);
      }
      return { size, body: blobStream(body, { length, idleMs: limits.idleMs, action, signal }) };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** A small file takes the place of one with the same key. A large one, which is sent in parts, leaves the other there. */
  async put(key: string, source: BlobSource, signal?: AbortSignal): Promise<void> {
    const target = this.#target(key);
    if ("path" in source || source.size > this.#bucket.limits.partBytes) {
      const blob = { bucket: this.#bucket, budget: this.#budget, key, objectKey: target.Key, source, signal };
      return putBlob(blob).catch((error: unknown) => {
        if (!(error instanceof StorageError && error.code === "BLOB_EXISTS")) throw error;
      });
    }
    const body = Buffer.concat(chunksOf(source));
    const command = new PutObjectCommand({ ...target, Body: body, ContentLength: body.length });
    await this.#bucket.request({ action: `store shared file ${key}`, kind: "long", signal }, (options) =>
      this.#bucket.writeClient.send(command, options),
    );
  }

  async remove(goes: (file: SharedFile) => boolean, signal?: AbortSignal): Promise<number> {
    let removed = 0;
    for await (const file of this.#list(signal)) {
      if (!goes(file)) continue;
      const command = new DeleteObjectCommand(this.#target(file.key));
      await this.#bucket.request({ action: "delete a shared file", signal }, (options) =>
        this.#bucket.client.send(command, options),
      );
      removed += 1;
    }
    return removed;
  }

  async *#list(signal?: AbortSignal): AsyncIterable<SharedFile> {
    let token: string | undefined;
    do {
      const command = new ListObjectsV2Command({
        Bucket: this.#bucket.name,
        Prefix: this.#prefix,
        ContinuationToken: token,
      });
      const page: ListObjectsV2CommandOutput = await this.#bucket.request(
        { action: "list the shared files", signal },
        (options) => this.#bucket.client.send(command, options),
      );
      for (const { Key, LastModified } of page.Contents ?? []) {
        signal?.throwIfAborted();
        const name = Key?.slice(this.#prefix.length);
        if (name === undefined || !keyShape.test(name) || LastModified === undefined) continue;
        yield { key: name.slice(name.indexOf("/") + 1), modifiedAt: LastModified };
      }
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  #target(key: string): { Bucket: string; Key: string } {
    const name = `${key.slice(0, 2)}/${key}`;
    if (!keyShape.test(name)) throw new TypeError(`Not a key of a shared file: ${JSON.stringify(key)}`);
    return { Bucket: this.#bucket.name, Key: this.#prefix + name };
  }
}

const keyShape = /^([0-9a-f]{2})\/\1[0-9a-f]{30}$/;
