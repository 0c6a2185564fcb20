import { StorageError } from "../../../storage/storage-error.ts";
import type { Room } from "./room.ts";
import type { Stranger } from "./stranger.ts";

/** An upload keeps its place for at least this time before it may have to give way. */
const graceMs = 1000;
/**
 * An upload keeps its place for at least this time if it would give way to a client whose own uploads had to give way a
 * moment ago. Otherwise slow uploads would only take turns.
 */
const longGraceMs = 5000;
/**
 * The maximum number of uploads that give way at once. Ending more of them would keep the server from serving everybody
 * else.
 */
const maxAtOnce = 20;

/** The uploads that have places and room among strangers, and those that wait for places and room. */
export interface Crowd {
  readonly present: ReadonlySet<Stranger>;
  readonly room: Room<Stranger>;
  /** The number of uploads of each client that wait for a place. */
  readonly waiting: Iterable<readonly [client: string, count: number]>;
  /** Whether the client has as many places as it may have. */
  hasItsShare(client: string): boolean;
  /** Whether an upload of the client had to give way a moment ago. */
  gaveWayLately(client: string): boolean;
  giveWay(stranger: Stranger): void;
}

/**
 * Makes a slow upload give way for each upload that waits for a place. If the waiting upload's client has used up its
 * share, the slow upload has to be one of the same client.
 */
export function makePlaces(crowd: Crowd): void {
  const { present, room } = crowd;
  const slow = [...present].filter((stranger) => stranger.isSlow(room.heldBy(stranger)));
  slow.sort((a, b) => a.worth(room.heldBy(a)) - b.worth(room.heldBy(b)));
  const leaving = [...present].filter((stranger) => stranger.leaves);
  let mayLeave = maxAtOnce;

  function dismiss(count: number, isLate: boolean, client?: string): void {
    let missing = count;
    for (const stranger of slow) {
      if (missing <= 0 || mayLeave === 0) return;
      if (stranger.leaves || stranger.age < (isLate ? longGraceMs : graceMs)) continue;
      if (client !== undefined && stranger.client !== client) continue;
      crowd.giveWay(stranger);
      missing--;
      mayLeave--;
    }
  }

  let [early, late] = [0, 0];
  for (const [client, count] of crowd.waiting) {
    const isLate = crowd.gaveWayLately(client);
    if (crowd.hasItsShare(client)) {
      dismiss(count - leaving.filter((stranger) => stranger.client === client).length, isLate, client);
    } else if (isLate) late += count;
    else early += count;
  }
  dismiss(early - leaving.length, false);
  dismiss(late - Math.max(leaving.length - early, 0), true);
}

/**
 * Makes slow uploads give way for the claims that wait for room: in the whole room, and in the share of each client
 * whose uploads wait for room in that share.
 */
export function makeRoom(crowd: Crowd): void {
  const { room } = crowd;
  const missing = new Map<string | undefined, number>();
  for (const { holder, bytes } of room.claims) {
    const client = room.exceedsShare(holder, bytes) ? holder.client : undefined;
    missing.set(client, (missing.get(client) ?? 0) + bytes);
  }
  for (const [client, bytes] of missing) makeRoomOf(crowd, client, bytes);
}

/** @param client the client whose share is used up; undefined for the whole room */
function makeRoomOf(crowd: Crowd, client: string | undefined, bytes: number): void {
  const { present, room } = crowd;
  const holders = [...present].filter(
    (stranger) => room.heldBy(stranger) > 0 && (client === undefined || stranger.client === client),
  );
  let missing = bytes;
  for (const stranger of holders) if (stranger.leaves) missing -= room.heldBy(stranger);
  // The uploads that hold most give way first, so that as few as possible have to.
  const slow = holders.filter((stranger) => stranger.age >= graceMs && stranger.isSlow(room.heldBy(stranger)));
  slow.sort((a, b) => room.heldBy(b) - room.heldBy(a));
  for (const stranger of slow.slice(0, maxAtOnce)) {
    if (missing <= 0) return;
    missing -= room.heldBy(stranger);
    crowd.giveWay(stranger);
  }
  // A holder that waits for room in the whole goes on as soon as others free some. So it is not part of its client's
  // deadlock.
  const isStuck = (stranger: Stranger): boolean => {
    const claim = room.claimOf(stranger);
    return claim !== undefined && (client === undefined || room.exceedsShare(stranger, claim.bytes));
  };
  if (missing > 0 && holders.every((stranger) => !stranger.leaves && isStuck(stranger))) endDeadlock(crowd, holders);
}

/**
 * Ends the deadlock in which all uploads that hold room wait for more of it. Only one of them can free room, so the
 * slowest gives way.
 */
function endDeadlock({ room, giveWay }: Crowd, holders: readonly Stranger[]): void {
  if (holders.length > 1) {
    const worth = (stranger: Stranger): number => stranger.worth(room.heldBy(stranger));
    giveWay(holders.reduce((slowest, other) => (worth(other) < worth(slowest) ? other : slowest)));
    return;
  }
  // Nobody else holds any room.
  for (const stranger of holders.length === 1 ? holders : Array.from(room.claims, ({ holder }) => holder)) {
    room.refuse(stranger, new StorageError("STORAGE_FULL", "There is no room in the spool for an upload"));
  }
}
