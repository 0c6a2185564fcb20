import { dirname } from "node:path";
import { type LogTransaction, transactionWith } from "./log-transaction.ts";
import { type EventOf, isKind, type Trace, type TraceEvent } from "./trace.ts";

/** An upload that was answered with 200. */
export interface AnsweredUpload {
  /** The answer's x-ik-requestid. */
  readonly requestId: string;
  readonly versionId: string;
  readonly content: Buffer;
  /** Of the token it came with. */
  readonly digest?: Buffer;
}

/** The events without which the answer would have been a lie, in the order they have to come in. */
export type Evidence = readonly TraceEvent[];

/**
 * Proves from the trace that the upload was on disk before the first byte of its answer left: its bytes written and
 * synced, then linked among the blobs, the folder synced (and its parent, when the folder is new), then the rows in the
 * log, the log synced.
 * @throws Error that says what is missing or out of order
 */
export function proveUpload(trace: Trace, upload: AnsweredUpload): Evidence {
  const answer = findAnswer(trace, upload.requestId);
  const row = provenTransaction(trace, Buffer.from(upload.versionId), answer);
  const blob = proveBlob(trace, upload.content, row);
  // The ledger's row is older in the same log: the sync that is proven for the upload's rows holds for it as well.
  const burn = upload.digest === undefined ? [] : provenTransaction(trace, upload.digest, answer).writes;
  return [...new Set([...burn, ...blob, ...evidenceOf(row), answer])];
}

/** Proves that the ledger's row was on disk before the first byte of an answer that counts on it, a refusal too. */
export function proveToken(
  trace: Trace,
  { requestId, digest }: { readonly requestId: string; readonly digest: Buffer },
): Evidence {
  const answer = findAnswer(trace, requestId);
  return [...evidenceOf(provenTransaction(trace, digest, answer)), answer];
}

function findAnswer(trace: Trace, requestId: string): EventOf<"send"> {
  const answer = trace.find((event): event is EventOf<"send"> => {
    return event.kind === "send" && event.bytes.includes(requestId);
  });
  return answer ?? fail(`no answer was sent to request ${requestId}`);
}

function provenTransaction(trace: Trace, needle: Buffer, answer: TraceEvent): LogTransaction {
  const transaction = transactionWith(trace, needle);
  if (transaction.sync === undefined) fail("the log was not synced");
  else assertOrder("the log's sync", transaction.sync, "the answer", answer);
  return transaction;
}

function evidenceOf({ writes, sync }: LogTransaction): TraceEvent[] {
  return sync === undefined ? [...writes] : [...writes, sync];
}

/** Of equal contents that come at the same time only one copy gets a row: the one whose key the log knows by then. */
function proveBlob(trace: Trace, content: Buffer, row: LogTransaction): TraceEvent[] {
  const problems: unknown[] = [];
  for (const link of trace.filter((event) => event.kind === "link" || event.kind === "rename")) {
    if (!/\/blobs\/.+/.test(link.to) || !holds(trace, link.from, content)) continue;
    try {
      assertNamed(trace, link.to, row);
      return proveCopy(trace, link, row);
    } catch (error) {
      problems.push(error);
    }
  }
  throw problems[0] ?? new Error("the blobs' folder never got the content");
}

function holds(trace: Trace, path: string, content: Buffer): boolean {
  return Buffer.concat(writesTo(trace, path).map(({ bytes }) => bytes)).equals(content);
}

function writesTo(trace: Trace, path: string): EventOf<"write">[] {
  return trace.filter(isKind("write")).filter((write) => write.path === path);
}

function assertNamed(trace: Trace, blob: string, row: LogTransaction): void {
  const key = Buffer.from(blob.slice(blob.lastIndexOf("/") + 1));
  const commit = row.writes.at(-1);
  const named = transactionWith(trace, key).writes.at(-1);
  if (named !== commit && !(named && commit && named.end < commit.begin)) fail(`${blob} had no row by then`);
}

function proveCopy(trace: Trace, link: EventOf<"link" | "rename">, row: LogTransaction): TraceEvent[] {
  const writes = writesTo(trace, link.from);
  const written = writes.at(-1) ?? fail("nothing was written");
  const sync = syncAfter(trace, link.from, written);
  assertOrder("the file's sync", sync, "its link among the blobs", link);
  const folders = proveFolders(trace, link, row);
  return [...writes, sync, link, ...folders];
}

/**
 * The blob's name is in its folder, and each folder that the trace has seen made in its parent. Of the syncs above the
 * blobs' folder another may stand in for one that is taken away, so they are no evidence.
 */
function proveFolders(trace: Trace, link: EventOf<"link" | "rename">, row: LogTransaction): TraceEvent[] {
  const rows = row.writes[0] ?? fail("there is no row");
  const evidence: TraceEvent[] = [];
  let entry: TraceEvent | undefined = link;
  for (let folder = dirname(link.to); entry !== undefined; folder = dirname(folder)) {
    const sync = syncAfter(trace, folder, entry);
    assertOrder(`the sync of ${folder}`, sync, "the row in the log", rows);
    if (/\/blobs(?:\/|$)/.test(folder)) evidence.push(sync);
    entry = trace.filter(isKind("make folder")).find(({ path }) => path === folder);
  }
  return evidence;
}

function syncAfter(trace: Trace, path: string, event: TraceEvent): EventOf<"sync"> {
  const sync = trace.filter(isKind("sync")).find((sync) => sync.path === path && sync.begin > event.end);
  return sync ?? fail(`${path} was not synced after its ${event.kind}`);
}

function assertOrder(what: string, first: TraceEvent, other: string, second: TraceEvent): void {
  if (first.end >= second.begin) fail(`${what} was not over before ${other}`);
}

function fail(problem: string): never {
  throw new Error(problem);
}
