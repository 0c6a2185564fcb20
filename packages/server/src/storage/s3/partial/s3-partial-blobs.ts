import type { Readable } from "node:stream";
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { ByteBudget } from "../../../concurrency/byte-budget.ts";
import { assertBlobKey } from "../../blob-key.ts";
import {
  type Appended,
  assertAllThere,
  beginPartialBlob,
  type CompleteBytes,
  type PartialBlob,
  type PartialBlobs,
  type PartialEntry,
  plannedLengthOf,
} from "../../partial/partial-blobs.ts";
import { readPiece } from "../../partial/read-piece.ts";
import type { Bucket } from "../bucket.ts";
import { lingering } from "../bucket.ts";
import type { ObjectKeys } from "../object-keys.ts";
import { isMissing, lost, missing } from "../s3-error.ts";
import { ArrivingMemory } from "./arriving-memory.ts";
import { Growth, type GrowthDeps } from "./growth.ts";
import { Parts } from "./parts.ts";
import { maxLengthOf, type Progress, partBytesOf, progressOf, sizeOfTails } from "./progress.ts";
import { Tails } from "./tails.ts";

/**
 * Blobs that grow in a bucket. Their bytes go into parts of a multipart upload to the blob's own key. The bytes behind
 * the last part wait in objects of their own, the tails. Nothing is on a disk of this machine, so any node goes on.
 *
 * All appends together hold at most `arrivingBytes` that came and `bufferBytes` on their way to the bucket. The latter
 * is shared with `put`. No blob is so long that one of its parts would exceed it.
 */
export class S3PartialBlobs implements PartialBlobs {
  readonly maxLength: number;
  readonly #bucket: Bucket;
  readonly #keys: ObjectKeys;
  readonly #deps: GrowthDeps;

  constructor(bucket: Bucket, keys: ObjectKeys, budget: ByteBudget) {
    const { partialPartBytes: partBytes, arrivingBytes, bufferBytes } = bucket.limits;
    this.maxLength = maxLengthOf(partBytes, bufferBytes);
    this.#bucket = bucket;
    this.#keys = keys;
    const [tails, parts] = [new Tails(bucket, keys.prefix), new Parts(bucket, keys)];
    this.#deps = { tails, parts, budget, partBytes, memory: new ArrivingMemory(arrivingBytes) };
  }

  begin(length: number): PartialBlob {
    return beginPartialBlob(length, this.maxLength);
  }

  async append(state: PartialBlob, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<Appended> {
    assertBlobKey(state.key);
    // What came is still stored after an abort, for as long as that may take.
    using patient = lingering(signal, this.#bucket.limits.settleMs);
    const growth = new Growth(this.#deps, state, patient.signal);
    using _ = this.#deps.memory.join(growth);
    const room = state.length - state.offset;
    let removed = false;
    let cause = await readPiece({ chunks, room, signal }, async (chunk) => {
      if (!removed) await growth.removeReplaced();
      removed = true;
      await growth.take(chunk);
    });
    await growth.finish().catch((error: unknown) => {
      cause ??= error;
    });
    return cause === undefined ? { state: growth.state } : { state: growth.state, cause };
  }

  async giveBack(state: PartialBlob, appended: PartialBlob, signal: AbortSignal): Promise<void> {
    const { key } = state;
    assertBlobKey(key);
    signal.throwIfAborted();
    const [kept, sent] = [progressOf(state), progressOf(appended)];
    await this.#deps.tails.removeAllBut(kept.tails, key, signal);
    if (kept.upload !== undefined) await this.#deps.parts.shrink(key, kept, sent.parts, signal);
    else if (sent.upload !== undefined) await this.#deps.parts.abortAll(key, signal);
  }

  async complete(state: PartialBlob, signal?: AbortSignal): Promise<CompleteBytes> {
    const { key, length } = state;
    assertBlobKey(key);
    assertAllThere(state);
    signal?.throwIfAborted();
    const storedAt = Date.now();
    const progress = progressOf(state);
    try {
      if (progress.upload === undefined) await this.#putTails(state, signal);
      else {
        const whole = await this.#withLastPart(key, progress, signal);
        await this.#deps.parts.putTogether(state, whole, this.#partBytesOf(state), signal);
      }
    } catch (error) {
      signal?.throwIfAborted();
      // An earlier call may have done it, or this one, whose answer was lost. Only a look that succeeds can rule it out.
      if ((await this.#sizeOf(key, signal)) !== length) throw error;
    }
    return { kind: "stored", key, size: length, storedAt };
  }

  async discard(blob: Pick<PartialBlob, "key"> & Partial<PartialBlob>, signal?: AbortSignal): Promise<void> {
    const { key, length, plannedLength = length } = blob;
    assertBlobKey(key);
    await this.#deps.tails.removeAllBut([], key, signal);
    const hasNoUpload = plannedLength !== undefined && this.#isOnePart(plannedLength);
    if (!hasNoUpload) await this.#deps.parts.abortAll(key, signal);
  }

  async holds(state: PartialBlob, signal?: AbortSignal): Promise<boolean> {
    const { key, length, offset } = state;
    assertBlobKey(key);
    if (offset === 0) return true;
    if (offset === length && (await this.#sizeOf(key, signal)) === length) return true;
    const progress = progressOf(state);
    const partBytes = this.#partBytesOf(state);
    return (
      (await this.#deps.tails.haveAll(key, progress.tails, signal)) &&
      (progress.upload === undefined || (await this.#deps.parts.haveAll(state, progress, partBytes, signal)))
    );
  }

  list(signal?: AbortSignal): AsyncIterable<PartialEntry> {
    return this.#deps.tails.list(signal);
  }

  /** Whether a blob of that length is one part, which never becomes a multipart upload. */
  #isOnePart(length: number): boolean {
    return length <= partBytesOf(length, this.#deps.partBytes);
  }

  #partBytesOf(state: PartialBlob): number {
    return partBytesOf(plannedLengthOf(state), this.#deps.partBytes);
  }

  /**
   * Makes the last part of the tails that are left. A blob whose length was told after its last byte had come has some:
   * until then its last part could have grown. A further call sends the same bytes as the same part again.
   */
  async #withLastPart(key: string, progress: Progress, signal: AbortSignal | undefined): Promise<Progress> {
    const { parts, tails, budget } = this.#deps;
    const size = sizeOfTails(progress.tails);
    if (size === 0) return progress;
    return budget.use(size, signal, async () => {
      const bytes = Buffer.allocUnsafeSlow(size);
      await tails.read(key, progress.tails, bytes, signal);
      return parts.send(key, progress, bytes, signal);
    });
  }

  /** Makes the blob of its tails, which are no more than a part. */
  async #putTails(state: PartialBlob, signal: AbortSignal | undefined): Promise<void> {
    const { key, length } = state;
    const { tails } = progressOf(state);
    if (sizeOfTails(tails) !== length) throw new TypeError("The state has not all bytes");
    await this.#deps.budget.use(length, signal, async () => {
      const body = Buffer.allocUnsafeSlow(length);
      await this.#deps.tails.read(key, tails, body, signal);
      const command = new PutObjectCommand({
        ...this.#target(key),
        Body: body,
        ContentLength: length,
        IfNoneMatch: "*",
      });
      const request = {
        action: `complete blob ${key}`,
        kind: "long",
        signal,
        meaning: { 412: "BLOB_EXISTS" },
      } as const;
      await this.#bucket.request(request, (options) => this.#bucket.writeClient.send(command, options));
    });
  }

  /** Returns the size of the finished blob; undefined if the service says that there is none. */
  async #sizeOf(key: string, signal: AbortSignal | undefined): Promise<number | undefined> {
    const request = { action: `look up blob ${key}`, signal, kind: "glance" } as const;
    const head = new HeadObjectCommand(this.#target(key));
    try {
      const { ContentLength } = await this.#bucket.request({ ...request, meaning: missing }, (options) =>
        this.#bucket.client.send(head, options),
      );
      return ContentLength;
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    // The answer to a HEAD doesn't say what is missing, nor who says so. That to a GET does.
    const get = new GetObjectCommand(this.#target(key));
    try {
      const { Body, ContentLength } = await this.#bucket.request({ ...request, meaning: lost }, (options) =>
        this.#bucket.readClient.send(get, options),
      );
      (Body as Readable).destroy();
      return ContentLength;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  #target(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket.name, Key: this.#keys.objectKeyOf(key) };
  }
}
