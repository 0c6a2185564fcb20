import { createHash, type Hash } from "node:crypto";
import { LRUCache } from "lru-cache";
import { sniffLength } from "../../media/inspect/sniff.ts";
import { keyOfDigest } from "./sessions/session.ts";

/** The number of sessions whose hashes this process remembers between their pieces. One takes less than 8 KiB. */
const maxRemembered = 4096;

/** The first bytes of a file that comes in chunks: as many as tell its type. */
export class Head {
  readonly #parts: Buffer[] = [];
  #length = 0;

  get bytes(): Buffer {
    return this.#parts.length === 1 ? (this.#parts[0] as Buffer) : Buffer.concat(this.#parts);
  }

  get isWhole(): boolean {
    return this.#length >= sniffLength;
  }

  /** Copies of the chunk what belongs to the first bytes. */
  take(chunk: Uint8Array): void {
    if (this.isWhole) return;
    const part = Buffer.from(chunk.subarray(0, sniffLength - this.#length));
    this.#parts.push(part);
    this.#length += part.length;
  }
}

/**
 * The SHA-256 and the first bytes of a session, as far as this process has seen its bytes from the first one on. The
 * engine can't keep a hash's state beyond the process.
 */
export class RunningHash {
  readonly #hash: Hash = createHash("sha256");
  readonly #head = new Head();
  #sha256: Buffer | undefined;
  #covered = 0;

  /** The number of bytes that are hashed. */
  get covered(): number {
    return this.#covered;
  }

  /** The first bytes, as many as tell the type. */
  get head(): Buffer {
    return this.#head.bytes;
  }

  get hasHead(): boolean {
    return this.#head.isWhole;
  }

  /** Hashes the chunk, and copies of it what belongs to the first bytes. */
  update(chunk: Uint8Array): void {
    this.#hash.update(chunk);
    this.#covered += chunk.byteLength;
    this.#head.take(chunk);
  }

  /** The hash of all bytes so far. Nothing can be added afterwards. */
  get sha256(): Buffer {
    this.#sha256 ??= this.#hash.digest();
    return this.#sha256;
  }
}

/** The running hashes of this process's sessions. */
export class RunningHashes {
  readonly #hashes = new LRUCache<string, RunningHash>({ max: maxRemembered });

  /**
   * Takes the hash of the session's bytes out, so that a piece that breaks off leaves no wrong one behind.
   * @returns undefined if this process doesn't know all bytes up to the offset
   */
  take(digest: Uint8Array, offset: number): RunningHash | undefined {
    if (offset === 0) return new RunningHash();
    const key = keyOfDigest(digest);
    const found = this.#hashes.get(key);
    this.#hashes.delete(key);
    return found?.covered === offset ? found : undefined;
  }

  /** Keeps the hash for the session's next piece, if it covers just what is durable. */
  keep(digest: Uint8Array, offset: number, hash: RunningHash | undefined): void {
    if (hash?.covered === offset) this.#hashes.set(keyOfDigest(digest), hash);
  }
}
