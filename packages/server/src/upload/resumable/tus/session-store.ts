import { DataStore, type Locker, Upload } from "./library.ts";
import { invalid } from "./tus-refusal.ts";
import type { TusWork } from "./tus-work.ts";

export const tusExtensions = ["creation", "creation-with-upload", "termination", "expiration", "checksum"] as const;

/** The sessions as the protocol's implementation sees them: the one of the request, whose bytes it never touches. */
export class SessionStore extends DataStore {
  override readonly extensions = [...tusExtensions];
  readonly #work: TusWork;
  readonly #lifetimeMs: number;

  constructor(work: TusWork, lifetimeMs: number) {
    super();
    this.#work = work;
    this.#lifetimeMs = lifetimeMs;
  }

  override async create(upload: Upload): Promise<Upload> {
    const { size = 0 } = upload;
    // The protocol's implementation takes any number that is written without an exponent.
    if (!Number.isSafeInteger(size)) throw invalid("Upload-Length", `The longest is ${Number.MAX_SAFE_INTEGER} bytes.`);
    await this.#work.create(size);
    return upload;
  }

  override async getUpload(id: string): Promise<Upload> {
    const { length, offset, expiresAt } = await this.#work.look();
    // The protocol's implementation knows the time of the creation and one lifetime for all.
    const createdAt = new Date(expiresAt - this.#lifetimeMs).toISOString();
    return new Upload({ id, size: length, offset, creation_date: createdAt });
  }

  /** The stream is empty: the bytes come straight from the request, past the implementation's three streams. */
  override async write(): Promise<number> {
    return this.#work.write();
  }

  override async remove(): Promise<void> {
    await this.#work.remove();
  }

  override getExpiration(): number {
    return this.#lifetimeMs;
  }
}

/** The lease of the request's session, as the protocol's implementation takes it. */
export function lockerOf(work: TusWork): Locker {
  return { newLock: () => ({ lock: () => work.lock(), unlock: () => work.unlock() }) };
}
