import { createHash, type Hash } from "node:crypto";
import { LRUCache } from "lru-cache";
import { sniffLength } from "../../media/inspect/sniff.ts";
import { keyOfDigest } from "./sessions/session-id.ts";

/** The number of sessions whose hashes this process remembers between their pieces. One takes less than 8 KiB. */
const maxRemembered = 4096;

/**
 * The SHA-256 and the first bytes of a session, as far as this process has seen its bytes from the first one on. The
 * engine can't keep a hash's state beyond the process.
 */
export class RunningHash {
  readonly #hash: Hash = createHash("sha256");
  readonly #head: Buffer[] = [];
  #sha256: Buffer | undefined;
  #headLength = 0;
  #covered = 0;

  /** The number of bytes that are hashed. */
  get covered(): number {
    return this.#covered;
  }

  /** The first bytes, as many as tell the type. */
  get head(): Buffer {
    return this.#head.length === 1 ? (this.#head[0] as Buffer) : Buffer.concat(this.#head);
  }

  get hasHead(): boolean {
    return this.#headLength >= sniffLength;
  }

  /** Hashes the chunk, and copies of it what belongs to the first bytes. */
  update(chunk: Uint8Array): void {
    this.#hash.update(chunk);
    this.#covered += chunk.byteLength;
    if (this.hasHead) return;
    const part = Buffer.from(chunk.subarray(0, sniffLength - this.#headLength));
    this.#head.push(part);
    this.#headLength += part.length;
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
