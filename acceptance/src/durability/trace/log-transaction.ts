import { type EventOf, isKind, type Trace } from "./trace.ts";

/** A transaction in SQLite's write-ahead log (https://www.sqlite.org/fileformat2.html#the_write_ahead_log). */
export interface LogTransaction {
  /** The writes of its frames, a header and a page for each. The commit's frame is last. */
  readonly writes: readonly EventOf<"write">[];
  /** The first sync of the log that began after the last write was over. */
  readonly sync: EventOf<"sync"> | undefined;
}

const headerLength = 24;
const logHeaderLength = 32;

/**
 * Finds the first transaction that wrote the needle.
 * @throws when there is none, or when its frames don't follow each other without a gap up to a commit
 */
export function transactionWith(trace: Trace, needle: Buffer): LogTransaction {
  const log = trace
    .filter(isKind("write"))
    .filter(({ path, bytes }) => isLog(path) && bytes.length !== logHeaderLength);
  let writes: EventOf<"write">[] = [];
  let found = false;
  for (const write of log) {
    const expected = offsetAfter(writes.at(-1));
    if (expected !== undefined && write.offset !== expected) {
      throw new Error(`the log has a gap: a write at ${write.offset} instead of ${expected}`);
    }
    writes.push(write);
    found ||= write.bytes.includes(needle);
    if (writes.length % 2 === 1 && write.bytes.length !== headerLength)
      throw new Error("a page came without its frame");
    if (writes.length % 2 === 1 || !isCommit(writes.at(-2))) continue;
    if (found) return { writes, sync: firstSync(trace, write) };
    writes = [];
  }
  throw new Error(found ? "it was written to the log, but never committed" : "the log never got it");
}

function offsetAfter(write: EventOf<"write"> | undefined): number | undefined {
  return write && write.offset + write.bytes.length;
}

/** The header of a commit's frame holds the number of the database's pages. In any other frame it holds 0. */
function isCommit(header: EventOf<"write"> | undefined): boolean {
  return header !== undefined && header.bytes.readUInt32BE(4) !== 0;
}

function firstSync(trace: Trace, after: EventOf<"write">): EventOf<"sync"> | undefined {
  return trace.filter(isKind("sync")).find(({ path, begin }) => path === after.path && begin > after.end);
}

function isLog(path: string): boolean {
  return path.endsWith("-wal");
}
