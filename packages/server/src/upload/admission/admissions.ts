import { SluiceError } from "@sluice/protocol";

/** What uploads may take up together. */
export interface AdmissionLimits {
  readonly bytes: number;
  readonly files: number;
  /** What one address may have of both, 1 for all of it. */
  readonly addressShare: number;
  /** How long an upload may wait for room; it is not read meanwhile. */
  readonly waitMs: number;
}

export interface Admission {
  /** Gives the room back; more than once does nothing. */
  release(): void;
}

interface Claim {
  readonly address: string;
  readonly bytes: number;
}

interface Waiting extends Claim {
  readonly admit: (admission: Admission) => void;
}

/**
 * Bounds what uploads take up without punishing the honest: whoever finds no room waits, unread, and is told to come
 * back only when none came up in time. All the room an upload may need is taken at once, so that two half-received ones
 * never wait for each other (design decision 11).
 */
export class Admissions {
  readonly #limits: AdmissionLimits;
  readonly #byAddress = new Map<string, { bytes: number; files: number }>();
  readonly #queue: Waiting[] = [];
  #bytes = 0;
  #files = 0;

  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
  }

  get usage(): { readonly bytes: number; readonly files: number; readonly waiting: number } {
    return { bytes: this.#bytes, files: this.#files, waiting: this.#queue.length };
  }

  /**
   * @param bytes all that the upload may bring; more than an address's share counts as that share
   * @throws SluiceError SERVER_BUSY when there was no room in time; the signal's reason when it is aborted
   */
  async admit(address: string, bytes: number, signal: AbortSignal): Promise<Admission> {
    signal.throwIfAborted();
    const claim = { address, bytes: Math.min(bytes, this.#limits.bytes * this.#limits.addressShare) };
    // Nearly always there is room, and nothing to be waited or listened for.
    if (this.#queue.length === 0 && this.#fitsWhole(claim) && this.#fitsAddress(claim)) return this.#take(claim);
    const { promise, resolve, reject } = Promise.withResolvers<Admission>();
    const waiting: Waiting = { ...claim, admit: resolve };
    this.#queue.push(waiting);
    this.#admitWaiting();
    // Out of the queue at once: one that has been turned away must not be admitted before it hears of it.
    const turnAway = (reason: unknown): void => {
      if (this.#leave(waiting)) reject(reason);
    };
    const timer = setTimeout(() => turnAway(new SluiceError("SERVER_BUSY")), this.#limits.waitMs);
    const onAbort = (): void => turnAway(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** In the order of arrival. Only room that its own address has used up makes one stand aside for those behind it. */
  #admitWaiting(): void {
    for (const waiting of [...this.#queue]) {
      if (!this.#fitsWhole(waiting)) return;
      if (!this.#fitsAddress(waiting)) continue;
      this.#queue.splice(this.#queue.indexOf(waiting), 1);
      waiting.admit(this.#take(waiting));
    }
  }

  /** One that gives up may have stood in the way of others. @returns false when it had been admitted already */
  #leave(waiting: Waiting): boolean {
    const place = this.#queue.indexOf(waiting);
    if (place === -1) return false;
    this.#queue.splice(place, 1);
    this.#admitWaiting();
    return true;
  }

  #fitsWhole({ bytes }: Claim): boolean {
    return this.#bytes + bytes <= this.#limits.bytes && this.#files < this.#limits.files;
  }

  #fitsAddress({ address, bytes }: Claim): boolean {
    const own = this.#byAddress.get(address);
    if (own === undefined) return true;
    const { bytes: maxBytes, files: maxFiles, addressShare } = this.#limits;
    return own.bytes + bytes <= maxBytes * addressShare && own.files < maxFiles * addressShare;
  }

  #take(claim: Claim): Admission {
    this.#add(claim, 1);
    let held = true;
    return {
      release: () => {
        if (!held) return;
        held = false;
        this.#add(claim, -1);
        this.#admitWaiting();
      },
    };
  }

  #add({ address, bytes }: Claim, sign: 1 | -1): void {
    this.#bytes += sign * bytes;
    this.#files += sign;
    const own = this.#byAddress.get(address) ?? { bytes: 0, files: 0 };
    own.bytes += sign * bytes;
    own.files += sign;
    if (own.files === 0) this.#byAddress.delete(address);
    else this.#byAddress.set(address, own);
  }
}
