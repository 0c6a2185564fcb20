import { DataStore, type Locker, Upload } from "./library.ts";
import { invalid } from "./tus-refusal.ts";
import type { TusWork } from "./tus-work.ts";

export const tusExtensions = [
  "creation",
  "creation-with-upload",
  "creation-defer-length",
  "termination",
  "expiration",
  "checksum",
] as const;

/** The sessions as the protocol's implementation sees them: the one of the request, whose bytes it never touches. */
export class SessionStore extends DataStore {
  override readonly extensions = [...tusExtensions];
  readonly #work: TusWork;
  readonly #lifetimeMs: number;
  readonly #tellsLength: boolean;

  /** @param options.tellsLength whether the request tells the length of an upload that was created before */
  constructor(work: TusWork, options: { readonly lifetimeMs: number; readonly tellsLength: boolean }) {
    super();
    this.#work = work;
    this.#lifetimeMs = options.lifetimeMs;
    this.#tellsLength = options.tellsLength;
  }

  override async create(upload: Upload): Promise<Upload> {
    await this.#work.create(upload.size === undefined ? undefined : safeLength(upload.size));
    return upload;
  }

  override async getUpload(id: string): Promise<Upload> {
    const { length, offset, expiresAt } = await this.#work.look();
    // The protocol's implementation knows the time of the creation and one lifetime for all.
    const createdAt = new Date(expiresAt - this.#lifetimeMs).toISOString();
    // It refuses each length after the first one. A client that repeats a piece tells the same length again.
    const size = this.#tellsLength ? undefined : length;
    return new Upload({ id, offset, creation_date: createdAt, ...(size !== undefined && { size }) });
  }

  override async declareUploadLength(_id: string, length: number): Promise<void> {
    await this.#work.tellLength(safeLength(length));
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

/** The protocol's implementation takes any number that is written without an exponent. */
function safeLength(length: number): number {
  if (Number.isSafeInteger(length)) return length;
  throw invalid("Upload-Length", `The longest is ${Number.MAX_SAFE_INTEGER} bytes.`);
}

/** The lease of the request's session, as the protocol's implementation takes it. */
export function lockerOf(work: TusWork): Locker {
  return { newLock: () => ({ lock: () => work.lock(), unlock: () => work.unlock() }) };
}
