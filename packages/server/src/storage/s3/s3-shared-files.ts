import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import type { SharedFile, SharedFiles } from "../blob-store.ts";
import type { Bucket } from "./bucket.ts";
import { derivedFolder } from "./object-keys.ts";
import { isMissing, missing } from "./s3-error.ts";

/** Stores the shared files at `<prefix>/derived/<first two characters of the key>/<key>`. */
export class S3SharedFiles implements SharedFiles {
  readonly #bucket: Bucket;
  readonly #prefix: string;

  /** @param prefix the prefix of all of the store's objects, which ends with a slash unless it is empty */
  constructor(bucket: Bucket, prefix: string) {
    this.#bucket = bucket;
    this.#prefix = `${prefix}${derivedFolder}`;
  }

  async get(key: string, signal?: AbortSignal): Promise<Buffer | undefined> {
    const command = new GetObjectCommand(this.#target(key));
    try {
      return await this.#bucket.request(
        { action: `read shared file ${key}`, signal, meaning: missing },
        async (options) => {
          const { Body } = await this.#bucket.readClient.send(command, options);
          const body = Body as Readable;
          // The deadline also ends the reading.
          const cut = (): unknown => body.destroy(new Error("cut off"));
          options.abortSignal.addEventListener("abort", cut, { once: true });
          try {
            return await buffer(body);
          } finally {
            options.abortSignal.removeEventListener("abort", cut);
          }
        },
      );
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async put(key: string, chunks: readonly Uint8Array[], signal?: AbortSignal): Promise<void> {
    const body = Buffer.concat(chunks);
    const command = new PutObjectCommand({ ...this.#target(key), Body: body, ContentLength: body.length });
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
