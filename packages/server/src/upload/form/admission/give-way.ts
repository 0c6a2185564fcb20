import { SluiceError } from "@sluice/protocol";
import type { ByteQuota } from "../../../concurrency/byte-quota.ts";
import type { FairQueue } from "../../../concurrency/fair-queue.ts";
import { StorageError } from "../../../storage/storage-error.ts";

/** The facts about an upload's body that tell whether the upload is worth its slot. */
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
 * it holds. Such an upload sent its bytes fast at first, to fill the spool, and only trickles now.
 */
const slowSeconds = 600;
/** An upload that arrives at least as fast as this is never slow, no matter how much it holds. */
const fastBytesPerSecond = 512 * 1024;

/** An upload that has a slot although no credentials have been found valid for it. */
export class UnauthenticatedUpload {
  readonly client: string;
  readonly #body: WatchedBody;
  readonly #since = performance.now();
  #refusal: SluiceError | undefined;

  /** @param client the client's network, as `clientNetwork` gives it */
  constructor(client: string, body: WatchedBody) {
    this.client = client;
    this.#body = body;
  }

  /** Whether the upload has been told to give way. It keeps its slot until it has ended. */
  get leaves(): boolean {
    return this.#refusal !== undefined;
  }

  /**
   * The ratio of the upload's throughput to the slowest one that is fast enough for what the upload holds. The upload is
   * slow if the ratio is below 1.
   */
  worth(heldBytes: number): number {
    const due = Math.max(slowBytesPerSecond, heldBytes / slowSeconds);
    return this.#body.throughput / Math.min(due, fastBytesPerSecond);
  }

  /** The time for which the upload has had its slot, in milliseconds. */
  get age(): number {
    return performance.now() - this.#since;
  }

  /**
   * Whether the upload is slow. It is slow only while its client keeps the server waiting, because no client is to blame
   * for what the server itself is slow at.
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

/** An upload keeps its slot for at least this time before it may have to give way. */
const graceMs = 1000;
/**
 * An upload keeps its slot for at least this time if it would give way to a client whose own uploads had to give way a
 * moment ago. Otherwise slow uploads would only replace each other.
 */
const longGraceMs = 5000;
/**
 * The maximum number of uploads that give way at once. Ending more of them would keep the server from serving everybody
 * else.
 */
const maxAtOnce = 20;

/** The uploads without credentials that compete for slots and for bytes of the spool. */
export interface Competition {
  readonly present: ReadonlySet<UnauthenticatedUpload>;
  readonly spool: ByteQuota<UnauthenticatedUpload>;
  readonly slots: Pick<FairQueue, "waiting" | "exceedsShare">;
  /** Whether an upload of the client had to give way a moment ago. */
  gaveWayLately(client: string): boolean;
  giveWay(upload: UnauthenticatedUpload): void;
}

/**
 * Makes a slow upload give way for each upload that waits for a slot. If the waiting upload's client has used up its
 * share, the slow upload has to be one of the same client.
 */
export function freeSlots(competition: Competition): void {
  const { present, spool } = competition;
  const slow = [...present].filter((upload) => upload.isSlow(spool.heldBy(upload)));
  slow.sort((a, b) => a.worth(spool.heldBy(a)) - b.worth(spool.heldBy(b)));
  const leaving = [...present].filter((upload) => upload.leaves);
  let mayLeave = maxAtOnce;

  function dismiss(count: number, isLate: boolean, client?: string): void {
    let missing = count;
    for (const upload of slow) {
      if (missing <= 0 || mayLeave === 0) return;
      if (upload.leaves || upload.age < (isLate ? longGraceMs : graceMs)) continue;
      if (client !== undefined && upload.client !== client) continue;
      competition.giveWay(upload);
      missing--;
      mayLeave--;
    }
  }

  let [early, late] = [0, 0];
  for (const [party, count] of competition.slots.waiting()) {
    const { client } = party;
    const isLate = competition.gaveWayLately(client);
    if (competition.slots.exceedsShare(party)) {
      dismiss(count - leaving.filter((upload) => upload.client === client).length, isLate, client);
    } else if (isLate) late += count;
    else early += count;
  }
  dismiss(early - leaving.length, false);
  dismiss(late - Math.max(leaving.length - early, 0), true);
}

/**
 * Makes slow uploads give way for the claims that wait for bytes of the spool: of the whole spool, and of the share of
 * each client whose uploads wait for that share.
 */
export function freeSpool(competition: Competition): void {
  const { spool } = competition;
  const missing = new Map<string | undefined, number>();
  for (const { holder, bytes } of spool.claims) {
    const client = spool.exceedsShare(holder, bytes) ? holder.client : undefined;
    missing.set(client, (missing.get(client) ?? 0) + bytes);
  }
  for (const [client, bytes] of missing) freeSpoolOf(competition, client, bytes);
}

/** @param client the client whose share is used up; undefined for the whole spool */
function freeSpoolOf(competition: Competition, client: string | undefined, bytes: number): void {
  const { present, spool } = competition;
  const holders = [...present].filter(
    (upload) => spool.heldBy(upload) > 0 && (client === undefined || upload.client === client),
  );
  let missing = bytes;
  for (const upload of holders) if (upload.leaves) missing -= spool.heldBy(upload);
  // The uploads that hold most give way first, so that as few as possible have to.
  const slow = holders.filter((upload) => upload.age >= graceMs && upload.isSlow(spool.heldBy(upload)));
  slow.sort((a, b) => spool.heldBy(b) - spool.heldBy(a));
  for (const upload of slow.slice(0, maxAtOnce)) {
    if (missing <= 0) return;
    missing -= spool.heldBy(upload);
    competition.giveWay(upload);
  }
  // A holder that waits for the whole spool goes on as soon as others free some of it. So it is not part of its
  // client's deadlock.
  const isStuck = (upload: UnauthenticatedUpload): boolean => {
    const claim = spool.claimOf(upload);
    return claim !== undefined && (client === undefined || spool.exceedsShare(upload, claim.bytes));
  };
  if (missing > 0 && holders.every((upload) => !upload.leaves && isStuck(upload))) endDeadlock(competition, holders);
}

/**
 * Ends the deadlock in which all uploads that hold bytes wait for more of them. Only one of them can free some, so the
 * slowest gives way.
 */
function endDeadlock({ spool, giveWay }: Competition, holders: readonly UnauthenticatedUpload[]): void {
  if (holders.length > 1) {
    const worth = (upload: UnauthenticatedUpload): number => upload.worth(spool.heldBy(upload));
    giveWay(holders.reduce((slowest, other) => (worth(other) < worth(slowest) ? other : slowest)));
    return;
  }
  // Nobody else holds any bytes.
  for (const upload of holders.length === 1 ? holders : Array.from(spool.claims, ({ holder }) => holder)) {
    spool.refuse(upload, new StorageError("STORAGE_FULL", "There is no room in the spool for an upload"));
  }
}
