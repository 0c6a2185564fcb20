import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListPartsCommand,
  type ListPartsCommandOutput,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import type { PartialBlob } from "../../partial/partial-blobs.ts";
import { StorageError } from "../../storage-error.ts";
import type { Bucket } from "../bucket.ts";
import { listUploads } from "../list-bucket.ts";
import type { ObjectKeys } from "../object-keys.ts";
import { isMissing, lost } from "../s3-error.ts";
import { nextEtags, type Progress, partSizeAt } from "./progress.ts";

/** Stores the parts of blobs as multipart uploads to the blobs' own keys. */
export class Parts {
  readonly #bucket: Bucket;
  readonly #keys: ObjectKeys;

  constructor(bucket: Bucket, keys: ObjectKeys) {
    this.#bucket = bucket;
    this.#keys = keys;
  }

  /** Sends the next part. @returns the progress with that part, and without tails */
  async send(key: string, progress: Progress, bytes: Buffer, signal: AbortSignal | undefined): Promise<Progress> {
    const action = `store a part of blob ${key}`;
    const { client, writeClient } = this.#bucket;
    const target = this.#target(key);
    let { upload } = progress;
    if (upload === undefined) {
      const begun = await this.#bucket.request({ action, signal }, (options) =>
        client.send(new CreateMultipartUploadCommand(target), options),
      );
      upload = begun.UploadId ?? "";
    }
    const part = { UploadId: upload, PartNumber: progress.parts + 1, Body: bytes, ContentLength: bytes.length };
    const { ETag = "" } = await this.#bucket.request({ action, kind: "long", signal, meaning: lost }, (options) =>
      writeClient.send(new UploadPartCommand({ ...target, ...part }), options),
    );
    return { ...progress, upload, parts: part.PartNumber, etags: nextEtags(progress.etags, ETag) };
  }

  /** Replaces the parts behind those of the progress by one byte each. A service removes no single part. */
  async shrink(key: string, { upload, parts }: Progress, sent: number, signal: AbortSignal): Promise<void> {
    const action = `give back parts of blob ${key}`;
    for (let number = parts + 1; number <= sent; number++) {
      const part = { UploadId: upload, PartNumber: number, Body: Buffer.alloc(1), ContentLength: 1 };
      await this.#bucket.request({ action, signal, meaning: lost }, (options) =>
        this.#bucket.writeClient.send(new UploadPartCommand({ ...this.#target(key), ...part }), options),
      );
    }
  }

  /**
   * Makes the blob of its parts.
   * @throws StorageError BLOB_MISSING when the service has not the parts that were acknowledged, or no such upload
   */
  async putTogether(blob: PartialBlob, progress: Progress, partBytes: number, signal?: AbortSignal): Promise<void> {
    const action = `complete blob ${blob.key}`;
    const parts = await this.#acknowledged(blob, progress, partBytes, signal);
    const command = new CompleteMultipartUploadCommand({
      ...this.#target(blob.key),
      UploadId: progress.upload,
      IfNoneMatch: "*",
      MultipartUpload: { Parts: parts },
    });
    const request = { action, kind: "long", signal, meaning: { ...lost, 412: "BLOB_EXISTS" } } as const;
    await this.#bucket.request(request, (options) => this.#bucket.client.send(command, options));
  }

  /** Aborts all uploads to the blob's key. There are several when a crash came between an upload's begin and its part. */
  async abortAll(key: string, signal?: AbortSignal): Promise<void> {
    const action = `discard the parts of blob ${key}`;
    const target = this.#target(key);
    for await (const { Key, UploadId } of listUploads(this.#bucket, target.Key, signal)) {
      if (Key !== target.Key) continue;
      const command = new AbortMultipartUploadCommand({ ...target, UploadId });
      await this.#bucket
        .request({ action, signal, meaning: lost }, (options) => this.#bucket.client.send(command, options))
        .catch((error: unknown) => {
          if (!isMissing(error)) throw error;
        });
    }
  }

  /** Whether the bucket has the parts that were acknowledged. */
  async haveAll(blob: PartialBlob, progress: Progress, partBytes: number, signal?: AbortSignal): Promise<boolean> {
    try {
      await this.#acknowledged(blob, progress, partBytes, signal);
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  async #acknowledged(
    { key, length }: PartialBlob,
    progress: Progress,
    partBytes: number,
    signal: AbortSignal | undefined,
  ): Promise<CompletedPart[]> {
    const parts: CompletedPart[] = [];
    let etags = "";
    let marker: string | undefined;
    do {
      const command = new ListPartsCommand({
        ...this.#target(key),
        UploadId: progress.upload,
        PartNumberMarker: marker,
      });
      const page: ListPartsCommandOutput = await this.#bucket.request(
        { action: `look up the parts of blob ${key}`, signal, meaning: lost },
        (options) => this.#bucket.client.send(command, options),
      );
      for (const { PartNumber, ETag = "", Size } of page.Parts ?? []) {
        if (parts.length === progress.parts) break;
        if (PartNumber !== parts.length + 1 || Size !== partSizeAt(length, parts.length, partBytes)) break;
        parts.push({ PartNumber, ETag });
        etags = nextEtags(etags, ETag);
      }
      marker = page.IsTruncated ? page.NextPartNumberMarker : undefined;
    } while (marker !== undefined && parts.length < progress.parts);
    if (parts.length !== progress.parts || etags !== progress.etags) {
      throw new StorageError("BLOB_MISSING", `The parts of blob ${key} are not those that were acknowledged`);
    }
    return parts;
  }

  #target(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket.name, Key: this.#keys.objectKeyOf(key) };
  }
}
