import { createHash } from "node:crypto";
import type { Progress } from "../observability/progress.ts";
import type { Spool } from "../spool/spool.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import { StorageError } from "../storage/storage-error.ts";
import type { Content, ContentList, WantedContent } from "./content-list.ts";

const copiesAtOnce = 8;

export interface ContentProblem {
  readonly key: string;
  readonly problem: "missing" | "damaged";
}

export interface CopiedContents {
  /** The contents that the store lacked before. */
  readonly contents: number;
  readonly bytes: number;
  readonly problems: readonly ContentProblem[];
}

export interface ContentCopy {
  readonly from: Pick<BlobStore, "read">;
  readonly to: BlobStore;
  /** The contents that are wanted in `to`, and those that it has. */
  readonly list: ContentList;
  /** The time until which a content came into `to` that is known to be whole. */
  readonly trustedUntil: number;
  readonly spool: Pick<Spool, "create">;
}

/**
 * Copies the wanted contents that the store lacks. Each is hashed on its way, and is in the store only if its hash is
 * right. What a copy that broke off has left there is hashed as well.
 */
export async function copyContents(
  copy: ContentCopy,
  signal: AbortSignal,
  progress: Pick<Progress, "advance">,
): Promise<CopiedContents> {
  const sums = { contents: 0, bytes: 0, problems: [] as ContentProblem[] };
  await forEachOf(copy.list.wanted(), async (content) => {
    signal.throwIfAborted();
    const outcome = await ensureContent(copy, content, signal);
    if (outcome === "copied") {
      sums.contents += 1;
      sums.bytes += content.size;
    } else if (outcome !== "there") {
      sums.problems.push({ key: content.key, problem: outcome });
    }
    progress.advance(content.size);
  });
  return sums;
}

/** Works on several at a time. None of the work goes on after this rejects. */
export async function forEachOf<Item>(items: Iterator<Item>, work: (item: Item) => Promise<void>): Promise<void> {
  let failed = false;
  const run = async (): Promise<void> => {
    while (!failed) {
      const { done, value } = items.next();
      if (done) return;
      try {
        await work(value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const runs = Array.from({ length: copiesAtOnce }, run);
  await Promise.allSettled(runs);
  await Promise.all(runs);
}

async function ensureContent(
  { from, to, trustedUntil, spool }: ContentCopy,
  content: WantedContent,
  signal: AbortSignal,
): Promise<"there" | "copied" | ContentProblem["problem"]> {
  const { key, size, present } = content;
  if (present !== undefined) {
    if (present.size === size && (present.at <= trustedUntil || (await isWhole(to, content, signal)))) return "there";
    await to.delete(key, signal);
  }
  const file = spool.create(signal);
  try {
    for await (const chunk of (await from.read(key, undefined, signal)) as AsyncIterable<Buffer>)
      await file.write(chunk);
    const whole = await file.finish();
    if (whole.size !== size || !whole.sha256.equals(content.sha256)) return "damaged";
    await to.put(key, whole, signal);
    return "copied";
  } catch (error) {
    if (error instanceof StorageError && error.code === "BLOB_MISSING") return "missing";
    throw error;
  } finally {
    await file.discard();
  }
}

/** Whether the store has the content, byte for byte. */
export async function isWhole(
  store: Pick<BlobStore, "read">,
  { key, size, sha256 }: Content,
  signal: AbortSignal,
): Promise<boolean> {
  const hash = createHash("sha256");
  let length = 0;
  try {
    for await (const chunk of (await store.read(key, undefined, signal)) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      length += chunk.length;
    }
  } catch (error) {
    if (error instanceof StorageError && error.code === "BLOB_MISSING") return false;
    throw error;
  }
  return length === size && hash.digest().equals(sha256);
}
