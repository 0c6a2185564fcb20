import { setTimeout as sleep } from "node:timers/promises";
import { SluiceError } from "@sluice/protocol";
import { storageExceeded } from "../../accounts/storage-limit.ts";
import type { Database } from "../../database/database.ts";
import { findSession } from "../../database/repositories/upload-sessions.ts";
import { closePartialBlob } from "../../storage/partial/partial-blobs.ts";
import type { LeaseOwner } from "./lease-owner.ts";
import type { SessionScripts } from "./sessions/needs.ts";
import type { SessionBytes, UploadSession } from "./sessions/session.ts";
import { keyOfDigest } from "./sessions/session-id.ts";

/** The database scripts of the leases. */
type LeaseScripts = Pick<
  SessionScripts,
  "advanceAndRelease" | "advanceSession" | "releaseLease" | "renewLease" | "takeLease" | "tellLength"
>;

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

/**
 * The requests of one session that may wait for its lease in a process. A client sends one or two at a time. Each that
 * waits has a place among the uploads, and looks again whenever the lease is given back.
 */
const maxWaiting = 16;

const standardTimes: LeaseTimes = {
  leaseMs: 20_000,
  renewMs: 2_000,
  marginMs: 8_000,
  patienceMs: 15_000,
  pollMs: 200,
};

interface LeaseNeeds {
  readonly leaseOwner: Pick<LeaseOwner, "newHolder">;
  readonly database: Pick<Database<LeaseScripts>, "reader" | "run">;
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

/**
 * The leases that this process holds. A session's lease is in the database, which decides between processes. Within one
 * process, the requests for one session take turns here, and the newer one is heard at once.
 */
export class Leases {
  readonly #needs: LeaseNeeds;
  readonly #times: LeaseTimes;
  readonly #held = new Map<string, Lease>();
  /** The number of requests that are taking each session's lease. */
  readonly #taking = new Map<string, number>();
  #interruption: SluiceError | undefined;

  constructor(needs: LeaseNeeds, times: Partial<LeaseTimes> = {}) {
    this.#needs = needs;
    this.#times = { ...standardTimes, ...times };
  }

  /**
   * Takes the session's lease. While another request has it, that one is asked to let go.
   * @returns the lease; the session if it has ended, as it is then
   * @throws SluiceError UPLOAD_SESSION_BUSY, UPLOAD_SESSION_ENDED, UPLOAD_SESSION_NOT_FOUND; the signal's reason
   */
  async take(digest: Uint8Array, signal: AbortSignal): Promise<Lease | UploadSession> {
    const key = keyOfDigest(digest);
    const others = this.#taking.get(key) ?? 0;
    if (others >= maxWaiting) throw new SluiceError("UPLOAD_SESSION_BUSY");
    this.#taking.set(key, others + 1);
    try {
      return await this.#takeInTurn(key, digest, signal);
    } finally {
      const left = (this.#taking.get(key) ?? 1) - 1;
      if (left > 0) this.#taking.set(key, left);
      else this.#taking.delete(key);
    }
  }

  async #takeInTurn(key: string, digest: Uint8Array, signal: AbortSignal): Promise<Lease | UploadSession> {
    const { patienceMs, pollMs } = this.#times;
    const deadline = performance.now() + patienceMs;
    for (;;) {
      signal.throwIfAborted();
      const other = this.#held.get(key);
      if (other === undefined) {
        const taken = await this.#tryTake(key, digest);
        if (taken !== undefined) return taken;
        await this.#waitForOtherProcess(digest, deadline, signal);
      } else {
        other.want();
        await endsBy(other.released, deadline, signal);
      }
      if (performance.now() >= deadline) throw new SluiceError("UPLOAD_SESSION_BUSY");
      await sleep(other === undefined ? pollMs / 10 : 0, undefined, { signal });
    }
  }

  /** The name and the time of a lease with which a session is created. `adopt` holds it from then on. */
  newHolder(): { readonly holder: string; readonly leaseMs: number } {
    return { holder: this.#needs.leaseOwner.newHolder(), leaseMs: this.#times.leaseMs };
  }

  /** Holds the lease with which the session has been created. */
  adopt(session: UploadSession, holder: string, startedAt: number): Lease {
    const lease = this.#newLease(keyOfDigest(session.digest), session.digest, holder);
    lease.begin(session, startedAt);
    return lease;
  }

  /** Tells all holders of this process to let go, now and from now on, for the reason given. */
  interrupt(reason: SluiceError): void {
    this.#interruption = reason;
    for (const lease of this.#held.values()) lease.want(reason);
  }

  /** Resolves when all leases are given back, or after this time. Nobody may be waiting for the work under them. */
  async idle(patienceMs: number): Promise<void> {
    const deadline = performance.now() + patienceMs;
    for (const lease of [...this.#held.values()]) await endsBy(lease.released, deadline);
  }

  async #tryTake(key: string, digest: Uint8Array): Promise<Lease | UploadSession | undefined> {
    const lease = this.#newLease(key, digest, this.#needs.leaseOwner.newHolder());
    let isTaken = false;
    try {
      const { leaseMs } = this.#times;
      const input = { digest, holder: lease.holder, leaseMs, now: this.#needs.now() };
      const startedAt = performance.now();
      const result = await this.#needs.database.run("takeLease", input);
      if (result.outcome === "taken") {
        isTaken = true;
        lease.begin(result.session, startedAt);
        return lease;
      }
      if (result.outcome === "ended") return result.session;
      if (result.outcome === "expired") throw new SluiceError("UPLOAD_SESSION_ENDED");
      if (result.outcome === "gone") throw new SluiceError("UPLOAD_SESSION_NOT_FOUND");
      return undefined;
    } finally {
      if (!isTaken) lease.drop();
    }
  }

  /** Waits while another process has the lease. Each look is a read; only a try is a transaction. */
  async #waitForOtherProcess(digest: Uint8Array, deadline: number, signal: AbortSignal): Promise<void> {
    while (performance.now() < deadline) {
      await sleep(this.#times.pollMs, undefined, { signal });
      const found = await findSession(this.#needs.database.reader, { digest, now: this.#needs.now() });
      if (found === undefined || found.is_held === 0) return;
    }
  }

  #newLease(key: string, digest: Uint8Array, holder: string): Lease {
    const lease = new Lease(this.#needs, this.#times, digest, holder, () => {
      if (this.#held.get(key) === lease) this.#held.delete(key);
    });
    this.#held.set(key, lease);
    if (this.#interruption !== undefined) lease.want(this.#interruption);
    return lease;
  }
}

/** The lease of one session, and the session as its holder knows it. */
export class Lease {
  readonly digest: Uint8Array;
  readonly holder: string;
  /** Resolves when the lease has been given back. */
  readonly released: Promise<void>;
  readonly #needs: LeaseNeeds;
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

  constructor(needs: LeaseNeeds, times: LeaseTimes, digest: Uint8Array, holder: string, onFree: () => void) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#needs = needs;
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
    const input = { digest, holder, from, bytes, storage, now: this.#needs.now() };
    const startedAt = performance.now();
    const done = goesOn
      ? await this.#needs.database.run("advanceSession", { ...input, leaseMs })
      : await this.#needs.database.run("advanceAndRelease", input);
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
    const done = await this.#needs.database.run("tellLength", {
      ...{ digest, holder, from, bytes: told, now: this.#needs.now() },
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
    await this.#needs.database.run("releaseLease", { digest, holder, now: this.#needs.now() }).catch(() => undefined);
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
      const input = { digest, holder, leaseMs, now: this.#needs.now() };
      const { held, wanted } = await this.#needs.database.run("renewLease", input);
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

/** Waits for the promise, but not beyond the deadline. Rejects with the signal's reason when it is aborted. */
async function endsBy(promise: Promise<void>, deadline: number, signal?: AbortSignal): Promise<void> {
  const over = new AbortController();
  const late = sleep(Math.max(deadline - performance.now(), 0), undefined, {
    signal: AbortSignal.any([over.signal, ...(signal === undefined ? [] : [signal])]),
  }).catch(() => undefined);
  try {
    await Promise.race([promise, late]);
    signal?.throwIfAborted();
  } finally {
    over.abort();
  }
}
