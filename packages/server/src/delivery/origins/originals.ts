import { createHash, subtle } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Logger } from "pino";
import { ByteBudget } from "../../concurrency/byte-budget.ts";
import { accountParty, type Party } from "../../concurrency/fair-line.ts";
import { FairQueue } from "../../concurrency/fair-queue.ts";
import { ShareWork } from "../../concurrency/share-work.ts";
import type { Limits } from "../../config/limits.ts";
import type { OriginRow } from "../../database/repositories/origins.ts";
import type { UnopenedSecrets } from "../../endpoints/origins/sealed-secrets.ts";
import type { OriginTarget } from "../../endpoints/reading/origin-target.ts";
import { type Absence, readOriginal } from "../../endpoints/reading/read-original.ts";
import type { ReadHeader } from "../../media/formats/image-header.ts";
import { inspectMedia } from "../../media/inspect/inspect-media.ts";
import type { MediaFacts } from "../../media/inspect/media-facts.ts";
import type { OutboundRules } from "../../network/outbound-rules.ts";
import { StorageError } from "../../storage/storage-error.ts";
import { bytesOf } from "../renditions/kept/kept-rendition.ts";
import type { RenditionCache } from "../renditions/kept/rendition-cache.ts";
import { renditionKey } from "../renditions/kept/rendition-key.ts";
import type { OriginalFacts } from "./origin-version.ts";

export interface OriginalsOptions {
  readonly limits: Pick<
    Limits,
    "originBytes" | "originReads" | "originsMemoryBytes" | "originMs" | "originFreshMs" | "remoteHeadersMs"
  >;
  readonly rules: OutboundRules;
  readonly derived: Pick<RenditionCache, "get">;
  readonly readHeader: ReadHeader;
  readonly now: () => number;
  /** The time to wait for a slot, and again for memory, in milliseconds. */
  readonly waitMs?: number;
  readonly logger?: Pick<Logger, "warn"> | undefined;
}

interface Absent {
  readonly kind: "absent";
  readonly why: Absence;
}

/** A file of an origin. Most requests need no more than its facts, so its bytes are opened where they are needed. */
export interface Original extends OriginalFacts {
  /** Returns all of the bytes, or undefined where they are no longer kept. */
  readonly kept: (signal: AbortSignal) => Promise<Uint8Array | undefined>;
  /**
   * Returns all of the bytes. The origin is asked again if they are no longer kept.
   * @throws StorageError BLOB_MISSING when the origin has other bytes now; NoSlotError; the signal's reason
   */
  readonly open: (signal: AbortSignal) => Promise<Uint8Array | Absent>;
}

export type Found = { readonly kind: "file"; readonly file: Original } | Absent;

/** A file that is asked for, and the party that asks. */
interface Asked {
  readonly origin: OriginRow;
  readonly target: OriginTarget;
  readonly fileName: string;
  readonly key: string;
  readonly party: Party;
}

type Read = { readonly kind: "file"; readonly facts: OriginalFacts; readonly bytes: Uint8Array } | Absent;

interface Remembered {
  readonly facts: OriginalFacts;
  readonly etag: string | undefined;
  readonly checkedAt: number;
}
interface RememberedAbsence {
  readonly why: Absence;
  readonly until: number;
}

/** A missing file may appear at any time, but an origin isn't asked for it at every request. */
const missSeconds = 60;
/** A failure is remembered shortly, so that an origin in trouble isn't asked by everybody. */
const failureSeconds = 5;
const maxRemembered = 20_000;
const standardWaitMs = 5000;
/** The readings that wait. */
const queueLimit = 512;
/** The part of the readings, and of their memory, that one account may have. */
const accountShare = 0.5;

/** Thrown into the cache's making where the bytes are no longer kept, so that the origin is asked. */
class NotKept extends Error {}

/**
 * Reads originals from origins, and remembers them. The bytes are kept as derived images are, within the same bounds,
 * and each process remembers for some minutes which bytes a URL stands for. Concurrent requests share one reading.
 */
export class Originals {
  readonly #options: OriginalsOptions;
  readonly #known = new LRUCache<string, Remembered>({ max: maxRemembered });
  readonly #absent = new LRUCache<string, RememberedAbsence>({ max: maxRemembered });
  readonly #told = new LRUCache<string, true>({ max: 1000, ttl: 60_000 });
  readonly #underWay = new ShareWork<Read>();
  readonly #readings: FairQueue;
  /** Bodies of unknown length take much memory until they end. Those of one account don't hold up the others'. */
  readonly #memory: ByteBudget;
  readonly #waitMs: number;

  constructor(options: OriginalsOptions) {
    this.#options = options;
    this.#waitMs = options.waitMs ?? standardWaitMs;
    const { originReads, originsMemoryBytes } = options.limits;
    this.#readings = new FairQueue({ capacity: originReads, accountShare, queueLimit, waitMs: this.#waitMs });
    this.#memory = new ByteBudget(originsMemoryBytes, { accountShare });
  }

  /**
   * Finds the file that the target names, in memory or at the origin.
   * @throws NoSlotError; the signal's reason
   */
  async read(
    origin: OriginRow,
    target: OriginTarget,
    fileName: string,
    party: Party,
    signal: AbortSignal,
  ): Promise<Found> {
    const asked = { origin, target, fileName, party, key: keyOf(origin, target) };
    const known = this.#recall(asked.key);
    if (known?.kind === "absent") return known;
    if (known !== undefined) {
      const { facts } = known;
      const kept = (opened: AbortSignal) => this.#kept(origin, facts.sha256, opened);
      return { kind: "file", file: { ...facts, kept, open: (opened) => this.#open(asked, facts, opened) } };
    }
    const found = await this.#askInTurn(asked, signal);
    return found.kind === "absent" ? found : { kind: "file", file: this.#fileInHand(asked, found) };
  }

  /** Tells operators that this server lacks the key to an origin's secrets. The error names the key by its id. */
  tellUnopened(origin: OriginRow, { message }: UnopenedSecrets): void {
    this.#tell(origin, message, "an origin's secrets could not be opened");
  }

  async close(): Promise<void> {
    await this.#readings.close();
  }

  #recall(key: string): { readonly kind: "file"; readonly facts: OriginalFacts } | Absent | undefined {
    const now = this.#options.now();
    const absence = this.#absent.get(key);
    if (absence !== undefined && now < absence.until) return { kind: "absent", why: absence.why };
    const known = this.#known.get(key);
    if (known === undefined || now - known.checkedAt >= this.#options.limits.originFreshMs) return undefined;
    return { kind: "file", facts: known.facts };
  }

  /**
   * A file that has just been read. Its bytes are held weakly: hundreds of requests may wait for a turn to make pictures
   * of such files, which don't fit into memory together, and the cache keeps the bytes meanwhile.
   */
  #fileInHand(asked: Asked, { facts, bytes }: Extract<Read, { kind: "file" }>): Original {
    const held = new WeakRef(bytes);
    return {
      ...facts,
      kept: async (opened) => held.deref() ?? this.#kept(asked.origin, facts.sha256, opened),
      open: async (opened) => held.deref() ?? this.#open(asked, facts, opened),
    };
  }

  async #open(asked: Asked, { sha256 }: OriginalFacts, signal: AbortSignal): Promise<Uint8Array | Absent> {
    const kept = await this.#kept(asked.origin, sha256, signal);
    if (kept !== undefined) return kept;
    const found = await this.#askInTurn(asked, signal);
    if (found.kind === "absent") return found;
    if (found.facts.sha256.equals(sha256)) return found.bytes;
    throw new StorageError("BLOB_MISSING", `The origin ${asked.origin.id} has another file than it had`);
  }

  /** Callers that ask for the same file at the same time share one reading. */
  #askInTurn(asked: Asked, signal: AbortSignal): Promise<Read> {
    const read = (alone: AbortSignal) => this.#readings.run((running) => this.#ask(asked, running), alone, asked.party);
    return this.#underWay.run(asked.key, read, signal);
  }

  async #ask({ origin, target, fileName, key, party }: Asked, signal: AbortSignal): Promise<Read> {
    const payer = accountParty(party.account);
    const memory = { take: (bytes: number, left?: AbortSignal) => this.#memory.take(bytes, left, payer) };
    const { rules, limits, now, readHeader } = this.#options;
    const known = this.#known.get(key);
    const kept = known?.etag === undefined ? undefined : await this.#kept(origin, known.facts.sha256, signal);
    const etag = kept === undefined ? undefined : known?.etag;
    const answer = await readOriginal(target, { rules, limits, memory, waitMs: this.#waitMs, signal, now, etag });
    const checkedAt = now();
    if (answer.kind === "unchanged") {
      if (known === undefined || kept === undefined) return this.#without(key, "failed");
      const { isPrivate = known.facts.isPrivate } = answer;
      const facts = { ...known.facts, isPrivate };
      this.#known.set(key, { ...known, facts, checkedAt });
      return { kind: "file", facts, bytes: kept };
    }
    if (answer.kind === "absent") {
      const { why } = answer;
      if (why !== "missing" && why !== "too large") this.#tell(origin, why, "an origin could not be read");
      return this.#without(key, why);
    }
    const { bytes, isPrivate } = answer;
    // The thread pool hashes, since large files would hold up the thread.
    const sha256 = Buffer.from(await subtle.digest("SHA-256", bytes));
    const media = await inspectMedia({
      ...{ chunks: [bytes], size: bytes.length, fileName, head: bytes, readHeader, signal, party },
    });
    const since = known?.facts.sha256.equals(sha256) ? known.facts.since : checkedAt;
    const facts = { sha256, size: bytes.length, media: withoutEmbedded(media), isPrivate, since };
    // A request that looked for the bytes at the same time has found that they weren't kept yet.
    await this.#options.derived.get(bytesKey(origin, sha256), async () => made(bytes), signal).catch(unlessNotKept);
    this.#absent.delete(key);
    this.#known.set(key, { facts, etag: target.asksForChanges ? answer.etag : undefined, checkedAt });
    return { kind: "file", facts, bytes };
  }

  /** Tells of an origin's trouble at most once a minute, because every URL of a broken origin fails. */
  #tell({ id: originId, account_id: accountId }: OriginRow, why: string, what: string): void {
    if (this.#told.has(originId)) return;
    this.#told.set(originId, true);
    this.#options.logger?.warn({ originId, accountId, why }, what);
  }

  #without(key: string, why: Absence): Absent {
    this.#known.delete(key);
    const seconds = why === "missing" || why === "too large" ? missSeconds : failureSeconds;
    this.#absent.set(key, { why, until: this.#options.now() + seconds * 1000 });
    return { kind: "absent", why };
  }

  async #kept(origin: OriginRow, sha256: Buffer, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const gone = async (): Promise<never> => {
      throw new NotKept();
    };
    try {
      return await bytesOf(await this.#options.derived.get(bytesKey(origin, sha256), gone, signal), signal);
    } catch (error) {
      unlessNotKept(error);
      return undefined;
    }
  }
}

function unlessNotKept(error: unknown): void {
  if (!(error instanceof NotKept)) throw error;
}

/** Leaves out the embedded metadata: they may be large, and no delivery reads them. */
function withoutEmbedded(media: MediaFacts): MediaFacts {
  if (media.kind !== "picture") return media;
  const { embeddedMetadata: _, ...others } = media;
  return others;
}

function made(data: Uint8Array) {
  return { data, contentType: "application/octet-stream", width: 0 };
}

/** A change of the origin makes everything that was read by its earlier settings another file. */
function keyOf({ account_id, id, updated_at }: OriginRow, { name }: OriginTarget): string {
  return createHash("sha256")
    .update(JSON.stringify([account_id, id, updated_at, name]))
    .digest("base64url");
}

function bytesKey({ account_id, id }: OriginRow, sha256: Buffer): string {
  return renditionKey({ account_id, id: `origin/${id}/${sha256.toString("hex")}`, purges: 0 }, ["original"]);
}
