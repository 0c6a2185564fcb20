import { SluiceError } from "@sluice/protocol";

/** The body of an upload, as far as it tells whether the upload is worth its place. */
export interface WatchedBody {
  /** Whether the server waits for the client just now. */
  readonly isAwaited: boolean;
  /** Bytes per second of late, over the time in which the client was waited for. */
  readonly pace: number;
  /** Whoever reads the body, now or next, gets this error. */
  stop(reason: SluiceError): void;
}

/** An upload that comes more slowly than this may have to give way. */
const slowBytesPerSecond = 64 * 1024;
/**
 * So may one that would need longer than this to send again what it holds: its bytes came fast, to take up room, and
 * trickle now.
 */
const slowSeconds = 600;
/** An upload that comes as fast as this is slow in no case. */
const fastBytesPerSecond = 512 * 1024;

/** An upload that nobody has vouched for, in its place. */
export class Stranger {
  readonly client: string;
  readonly #body: WatchedBody;
  readonly #since = performance.now();
  #refusal: SluiceError | undefined;

  /** @param client a network, as `clientNetwork` tells it */
  constructor(client: string, body: WatchedBody) {
    this.client = client;
    this.#body = body;
  }

  /** Whether it has been told to give way; it is there until its upload has ended. */
  get leaves(): boolean {
    return this.#refusal !== undefined;
  }

  /** Its pace beside the slowest that is fast enough for what it holds: slow below 1. */
  worth(heldBytes: number): number {
    const due = Math.max(slowBytesPerSecond, heldBytes / slowSeconds);
    return this.#body.pace / Math.min(due, fastBytesPerSecond);
  }

  /** How long it has had its place, in milliseconds. */
  get age(): number {
    return performance.now() - this.#since;
  }

  /** Only where its client keeps the server waiting: what the server itself is slow at is nobody else's fault. */
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
