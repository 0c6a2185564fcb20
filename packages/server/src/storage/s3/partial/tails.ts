import { randomUUID } from "node:crypto";
import type { Readable } from "node:stream";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { isBlobKey } from "../../blob-key.ts";
import type { PartialEntry } from "../../partial/partial-blobs.ts";
import { StorageError } from "../../storage-error.ts";
import type { Bucket } from "../bucket.ts";
import { partialFolder } from "../object-keys.ts";
import { lost } from "../s3-error.ts";
import type { Tail } from "./progress.ts";

/** The number of tails that are removed at once. */
const removalsAtOnce = 8;

/** Stores tails at `<prefix>/partial/<key of the blob>/<a name that is never used again>`. */
export class Tails {
  readonly #bucket: Bucket;
  readonly #folder: string;

  /** @param prefix the prefix of all of the store's objects, which ends with a slash unless it is empty */
  constructor(bucket: Bucket, prefix: string) {
    this.#bucket = bucket;
    this.#folder = prefix + partialFolder;
  }

  async put(key: string, bytes: Buffer, signal: AbortSignal): Promise<Tail> {
    const name = randomUUID();
    const command = new PutObjectCommand({ ...this.#target(key, name), Body: bytes, ContentLength: bytes.length });
    await this.#bucket.request({ action: `store a piece of blob ${key}`, kind: "long", signal }, (options) =>
      this.#bucket.writeClient.send(command, options),
    );
    return { name, size: bytes.length };
  }

  /** Reads the tails, one after another, to the beginning of the buffer. */
  async read(key: string, tails: readonly Tail[], target: Buffer, signal: AbortSignal | undefined): Promise<void> {
    let position = 0;
    for (const { name, size } of tails) {
      await this.#readOne(key, name, target.subarray(position, position + size), signal);
      position += size;
    }
  }

  async remove(key: string, names: readonly string[], signal?: AbortSignal): Promise<void> {
    for (let start = 0; start < names.length; start += removalsAtOnce) {
      const removing = names.slice(start, start + removalsAtOnce).map((name) => {
        const command = new DeleteObjectCommand(this.#target(key, name));
        return this.#bucket.request({ action: `discard a piece of blob ${key}`, signal }, (options) =>
          this.#bucket.client.send(command, options),
        );
      });
      await Promise.allSettled(removing);
      await Promise.all(removing);
    }
  }

  /** Removes every tail of the blob but these, those of nobody's included. */
  async removeAllBut(kept: readonly Tail[], key: string, signal?: AbortSignal): Promise<void> {
    const keptNames = new Set(kept.map(({ name }) => name));
    const names: string[] = [];
    for await (const { name } of this.#list(`${key}/`, signal)) if (!keptNames.has(name)) names.push(name);
    await this.remove(key, names, signal);
  }

  /** Whether the bucket has these tails of the blob. */
  async haveAll(key: string, tails: readonly Tail[], signal?: AbortSignal): Promise<boolean> {
    if (tails.length === 0) return true;
    const sizes = new Map<string, number>();
    for await (const { name, size } of this.#list(`${key}/`, signal)) sizes.set(name, size);
    return tails.every(({ name, size }) => sizes.get(name) === size);
  }

  async *list(signal?: AbortSignal): AsyncIterable<PartialEntry> {
    let last: string | undefined;
    for await (const { key } of this.#list("", signal)) {
      if (key !== last) yield { key };
      last = key;
    }
  }

  async #readOne(key: string, name: string, target: Buffer, signal: AbortSignal | undefined): Promise<void> {
    const action = `read a piece of blob ${key}`;
    const command = new GetObjectCommand(this.#target(key, name));
    await this.#bucket.request({ action, kind: "long", signal, meaning: lost }, async (options) => {
      const { Body } = await this.#bucket.readClient.send(command, options);
      const body = Body as Readable;
      // The deadline also ends the reading.
      const cut = (): unknown => body.destroy(new Error("cut off"));
      options.abortSignal.addEventListener("abort", cut, { once: true });
      let length = 0;
      try {
        for await (const chunk of body as AsyncIterable<Buffer>) {
          if (length + chunk.length <= target.length) target.set(chunk, length);
          length += chunk.length;
        }
      } finally {
        options.abortSignal.removeEventListener("abort", cut);
      }
      if (length !== target.length) {
        throw new StorageError("STORAGE_FAILED", `Can't ${action}: ${length} bytes came of ${target.length}`);
      }
    });
  }

  async *#list(
    within: string,
    signal: AbortSignal | undefined,
  ): AsyncIterable<{ key: string; name: string; size: number }> {
    let token: string | undefined;
    do {
      const command = new ListObjectsV2Command({
        Bucket: this.#bucket.name,
        Prefix: this.#folder + within,
        ContinuationToken: token,
      });
      const page: ListObjectsV2CommandOutput = await this.#bucket.request(
        { action: "list the unfinished blobs", signal },
        (options) => this.#bucket.client.send(command, options),
      );
      for (const { Key = "", Size = 0 } of page.Contents ?? []) {
        signal?.throwIfAborted();
        const [key = "", name = "", ...rest] = Key.slice(this.#folder.length).split("/");
        if (isBlobKey(key) && name !== "" && rest.length === 0) {
          yield { key, name, size: Size };
        }
      }
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  #target(key: string, name: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket.name, Key: `${this.#folder}${key}/${name}` };
  }
}

/** The number of tails that a blob may have. */
export const maxTails = 16;

/**
 * Chooses the tails that are put together with the new bytes when there are too many tails. A tail is read and written
 * anew only with bytes that are at least half as many as its own, so each byte is copied a few times at most, however
 * tiny the pieces are that it came with.
 * @param sizes the sizes of the tails, the new bytes last
 * @param maxBytes the size that they may have together
 * @returns the index of the first one to put together with all behind it
 */
export function mergeFrom(sizes: readonly number[], maxBytes: number): number {
  const last = sizes.length - 1;
  if (last < maxTails) return last;
  let from = last;
  let sum = sizes[last] ?? 0;
  while (from > 0 && (from === last || (sizes[from - 1] ?? 0) <= 2 * sum)) {
    if (sum + (sizes[from - 1] ?? 0) > maxBytes) break;
    from -= 1;
    sum += sizes[from] ?? 0;
  }
  return from;
}
