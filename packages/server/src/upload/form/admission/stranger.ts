import { SluiceError } from "@sluice/protocol";

/** The facts about an upload's body that tell whether the upload is worth its place. */
export interface WatchedBody {
  /** Whether the server is waiting for the client now. */
  readonly isAwaited: boolean;
  /**
   * The recent throughput in bytes per second. It counts only the time during which the server waited for the client.
   */
  readonly throughput: number;
  /** Stops the body. The current read, or the next one, fails with this error. */
  stop(reason: SluiceError): void;
}

/** An upload that arrives more slowly than this may have to give way. */
const slowBytesPerSecond = 64 * 1024;
/**
 * An upload may also have to give way if, at its throughput, it would need longer than this to send again the bytes that
 * it holds. Such an upload sent its bytes fast at first, to take up room, and only trickles now.
 */
const slowSeconds = 600;
/** An upload that arrives at least as fast as this is never slow, no matter how much it holds. */
const fastBytesPerSecond = 512 * 1024;

/** An upload that has a place although no credentials have vouched for it. */
export class Stranger {
  readonly client: string;
  readonly #body: WatchedBody;
  readonly #since = performance.now();
  #refusal: SluiceError | undefined;

  /** @param client the client's network, as `clientNetwork` gives it */
  constructor(client: string, body: WatchedBody) {
    this.client = client;
    this.#body = body;
  }

  /** Whether the stranger has been told to give way. It stays until its upload has ended. */
  get leaves(): boolean {
    return this.#refusal !== undefined;
  }

  /**
   * The ratio of the stranger's throughput to the slowest one that is fast enough for what the stranger holds. The
   * stranger is slow if the ratio is below 1.
   */
  worth(heldBytes: number): number {
    const due = Math.max(slowBytesPerSecond, heldBytes / slowSeconds);
    return this.#body.throughput / Math.min(due, fastBytesPerSecond);
  }

  /** The time for which the stranger has had its place, in milliseconds. */
  get age(): number {
    return performance.now() - this.#since;
  }

  /**
   * Whether the stranger is slow. It is slow only while its client keeps the server waiting, because no client is to
   * blame for what the server itself is slow at.
   */
  isSlow(heldBytes: number): boolean {
    return !this.leaves && this.#body.isAwaited && this.worth(heldBytes) < 1;
  }

  giveWay(): SluiceError {
    this.#refusal = new SluiceError("UPLOAD_GAVE_WAY");
    this.#body.stop(this.#refusal);
    return this.#refusal;
  }

  /** @throws SluiceError UPLOAD_GAVE_WAY */
  assertStays(): void {
    if (this.#refusal !== undefined) throw this.#refusal;
  }
}
