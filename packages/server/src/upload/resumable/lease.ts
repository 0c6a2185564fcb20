import { SluiceError } from "@sluice/protocol";
import { storageExceeded } from "../../accounts/storage-limit.ts";
import type { Database } from "../../database/database.ts";
import { closePartialBlob } from "../../storage/partial/partial-blobs.ts";
import type { LeaseOwner } from "./lease-owner.ts";
import {
  advanceAndRelease,
  advanceSession,
  releaseLease,
  renewLease,
  tellLength,
} from "./sessions/lease-transactions.ts";
import type { SessionBytes, UploadSession } from "./sessions/session.ts";

export interface LeaseTimes {
  /** The time after which a lease that nobody renews may be taken over. */
  readonly leaseMs: number;
  /** The interval at which the holder renews it, and hears that another request wants it. */
  readonly renewMs: number;
  /** The holder stops this long before its lease ends, so that writes under way end within it. */
  readonly marginMs: number;
  /** The time that a request waits for the lease that another one holds. */
  readonly patienceMs: number;
  /** The interval at which such a request looks, where another process has the lease. */
  readonly pollMs: number;
}

export interface LeaseDeps {
  readonly leaseOwner: Pick<LeaseOwner, "newHolder">;
  readonly database: Pick<Database, "reader" | "run">;
  readonly now: () => number;
}

export interface AdvanceOptions {
  /** Whether the holder keeps the lease. */
  readonly goesOn: boolean;
  /** The server's limit, where the account's storage is limited. */
  readonly storageLimit?: number | undefined;
}

/** The reason why work under a lease is aborted that this process could not keep. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
}

/** The lease of one session, and the session as its holder knows it. */
export class Lease {
  readonly digest: Uint8Array;
  readonly holder: string;
  /** Resolves when the lease has been given back. */
  readonly released: Promise<void>;
  readonly #deps: LeaseDeps;
  readonly #times: LeaseTimes;
  readonly #lost = new AbortController();
  readonly #free: () => void;
  #session: UploadSession | undefined;
  #timer: NodeJS.Timeout | undefined;
  #renewing = false;
  #until = 0;
  #isHeld = false;
  #wanted: SluiceError | undefined;
  #onWanted: ((reason: SluiceError) => void) | undefined;

  constructor(deps: LeaseDeps, times: LeaseTimes, digest: Uint8Array, holder: string, onFree: () => void) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#deps = deps;
    this.#times = times;
    this.digest = digest;
    this.holder = holder;
    this.released = promise;
    this.#free = () => {
      onFree();
      resolve();
    };
  }

  /** The session as of the last change that this holder made. */
  get session(): UploadSession {
    if (this.#session === undefined) throw new Error("the lease was not taken");
    return this.#session;
  }

  /** Aborted when the lease can't be kept. Nothing may be written from then on. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Whether nobody else can have the lease. */
  get isKept(): boolean {
    return this.#isHeld && !this.lost.aborted && performance.now() <= this.#until;
  }

  /**
   * @param startedAt the time by `performance.now` at which the lease was asked for. It has begun since then, whenever
   * the answer comes
   */
  begin(session: UploadSession, startedAt: number): void {
    this.#session = session;
    this.#isHeld = true;
    this.#until = startedAt + this.#times.leaseMs - this.#times.marginMs;
    this.#timer = setInterval(() => void this.#renew(), this.#times.renewMs).unref();
  }

  /** Calls the function once the holder is to let go: now, if it is to already. */
  onWanted(letGo: (reason: SluiceError) => void): void {
    this.#onWanted = letGo;
    if (this.#wanted !== undefined) letGo(this.#wanted);
  }

  want(reason: SluiceError = new SluiceError("UPLOAD_TAKEN_OVER")): void {
    if (this.#wanted !== undefined) return;
    this.#wanted = reason;
    this.#onWanted?.(reason);
  }

  /**
   * Acknowledges bytes that are durable. The lease is given back with it, unless the holder goes on.
   * @throws SluiceError UPLOAD_TAKEN_OVER when the session is another holder's by now; STORAGE_LIMIT_EXCEEDED
   */
  async advance(bytes: SessionBytes, { goesOn, storageLimit }: AdvanceOptions): Promise<void> {
    const { leaseMs } = this.#times;
    const { digest, holder } = this;
    const { accountId, offset: from } = this.session;
    const storage = storageLimit === undefined ? undefined : { accountId, standard: storageLimit };
    const input = { digest, holder, from, bytes, storage, now: this.#deps.now() };
    const startedAt = performance.now();
    const done = goesOn
      ? await this.#deps.database.run(advanceSession, { ...input, leaseMs })
      : await this.#deps.database.run(advanceAndRelease, input);
    if (typeof done === "object") throw storageExceeded(done);
    if (!done) {
      this.#lose();
      throw new SluiceError("UPLOAD_TAKEN_OVER");
    }
    this.#session = { ...this.session, offset: bytes.offset, bytes };
    if (goesOn) this.#until = startedAt + leaseMs - this.#times.marginMs;
    else this.drop();
  }

  /**
   * Records the length of the file, which is final from then on.
   * @throws SluiceError UPLOAD_TAKEN_OVER when the session is another holder's by now
   */
  async tellLength(length: number): Promise<void> {
    const { digest, holder } = this;
    const { offset: from, bytes } = this.session;
    if (bytes === undefined) throw new SluiceError("UPLOAD_SESSION_ENDED");
    const told = closePartialBlob(bytes, length);
    const done = await this.#deps.database.run(tellLength, {
      ...{ digest, holder, from, bytes: told, now: this.#deps.now() },
    });
    if (!done) {
      this.#lose();
      throw new SluiceError("UPLOAD_TAKEN_OVER");
    }
    this.#session = { ...this.session, length, bytes: told };
  }

  /** The session has been stored or refused. */
  end(change: Partial<UploadSession>): void {
    this.#session = { ...this.session, ...change };
  }

  /** Gives the lease back. A failure is left to the end of the lease. Never throws. */
  async release(): Promise<void> {
    if (!this.#isHeld) return;
    const { digest, holder } = this;
    this.#isHeld = false;
    clearInterval(this.#timer);
    await this.#deps.database.run(releaseLease, { digest, holder, now: this.#deps.now() }).catch(() => undefined);
    this.#free();
  }

  /** Forgets a lease that is nobody's in the database, or another's. */
  drop(): void {
    this.#isHeld = false;
    clearInterval(this.#timer);
    this.#free();
  }

  async #renew(): Promise<void> {
    if (performance.now() > this.#until) this.#lose();
    if (this.#renewing || !this.#isHeld || this.lost.aborted) return;
    this.#renewing = true;
    const startedAt = performance.now();
    try {
      const { leaseMs, marginMs } = this.#times;
      const { digest, holder } = this;
      const input = { digest, holder, leaseMs, now: this.#deps.now() };
      const { held, wanted } = await this.#deps.database.run(renewLease, input);
      if (!this.#isHeld || this.lost.aborted) return;
      if (held) this.#until = startedAt + leaseMs - marginMs;
      else if (this.session.state === "open") this.#lose();
      if (wanted) this.want();
    } catch {
      // The next renewal may succeed. If none does in time, the lease is lost.
    } finally {
      this.#renewing = false;
    }
  }

  /** Gives the lease up. It is never renewed again: the work under it is being stopped. */
  #lose(): void {
    clearInterval(this.#timer);
    if (!this.#lost.signal.aborted) this.#lost.abort(new LeaseLost("The session's lease could not be kept."));
  }
}
