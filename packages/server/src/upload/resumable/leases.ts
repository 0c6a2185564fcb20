import { setTimeout as sleep } from "node:timers/promises";
import { SluiceError } from "@sluice/protocol";
import { findSession } from "../../database/repositories/upload-sessions.ts";
import { Lease, type LeaseDeps, type LeaseTimes } from "./lease.ts";
import { takeLease } from "./sessions/lease-transactions.ts";
import { keyOfDigest, type UploadSession } from "./sessions/session.ts";

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

/**
 * The leases that this process holds. A session's lease is in the database, which decides between processes. Within one
 * process, the requests for one session take turns here, and the newer one is heard at once.
 */
export class Leases {
  readonly #deps: LeaseDeps;
  readonly #times: LeaseTimes;
  readonly #held = new Map<string, Lease>();
  /** The number of requests that are taking each session's lease. */
  readonly #taking = new Map<string, number>();
  #interruption: SluiceError | undefined;

  constructor(deps: LeaseDeps, times: Partial<LeaseTimes> = {}) {
    this.#deps = deps;
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
    return { holder: this.#deps.leaseOwner.newHolder(), leaseMs: this.#times.leaseMs };
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
    const lease = this.#newLease(key, digest, this.#deps.leaseOwner.newHolder());
    let isTaken = false;
    try {
      const { leaseMs } = this.#times;
      const input = { digest, holder: lease.holder, leaseMs, now: this.#deps.now() };
      const startedAt = performance.now();
      const result = await this.#deps.database.run(takeLease, input);
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
      const found = await findSession(this.#deps.database.reader, { digest, now: this.#deps.now() });
      if (found === undefined || found.is_held === 0) return;
    }
  }

  #newLease(key: string, digest: Uint8Array, holder: string): Lease {
    const lease = new Lease(this.#deps, this.#times, digest, holder, () => {
      if (this.#held.get(key) === lease) this.#held.delete(key);
    });
    this.#held.set(key, lease);
    if (this.#interruption !== undefined) lease.want(this.#interruption);
    return lease;
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
