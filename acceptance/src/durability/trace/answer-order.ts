import { dirname } from "node:path";
import { type LogTransaction, transactionWith } from "./log-transaction.ts";
import { type EventOf, isKind, type Trace, type TraceEvent } from "./trace.ts";

/** An upload that was answered with 200. */
export interface AnsweredUpload {
  /** The x-ik-requestid of the answer. */
  readonly requestId: string;
  readonly versionId: string;
  readonly content: Buffer;
  /** The digest of the upload's token. */
  readonly digest?: Buffer;
}

/** The events without which the answer would have been a lie, in the required order. */
export type Evidence = readonly TraceEvent[];

/**
 * Proves from the trace that the upload was on disk before the first byte of its answer left. The bytes must have been
 * written and synced, either under the blob's name or before they were linked to it. The folder must have been synced,
 * and its parent as well when the folder is new. Then the rows must have been written to the log, and the log synced.
 * @throws Error that says what is missing or out of order
 */
export function proveUpload(trace: Trace, upload: AnsweredUpload): Evidence {
  const answer = findAnswer(trace, upload.requestId);
  const row = provenTransaction(trace, Buffer.from(upload.versionId), answer);
  const blob = proveBlob(trace, upload.content, row);
  // The ledger's row is earlier in the same log, so the sync that is proven for the upload's rows covers it as well.
  const burn = upload.digest === undefined ? [] : provenTransaction(trace, upload.digest, answer).writes;
  return [...new Set([...burn, ...blob, ...evidenceOf(row), answer])];
}

/** Proves that the ledger's row was on disk before the first byte of an answer that relies on it, even a refusal. */
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

/**
 * Proves the blob. When equal contents arrive at the same time, only one copy gets a row: the copy whose key is in the
 * log by then.
 */
function proveBlob(trace: Trace, content: Buffer, row: LogTransaction): TraceEvent[] {
  const problems: unknown[] = [];
  for (const naming of trace.filter(isNaming)) {
    const { file, blob } = namesOf(naming);
    if (!/\/blobs\/.+/.test(blob) || !holds(trace, file, content)) continue;
    try {
      assertNamed(trace, blob, row);
      return proveCopy(trace, naming, row);
    } catch (error) {
      problems.push(error);
    }
  }
  throw problems[0] ?? new Error("the blobs' folder never got the content");
}

/** An event that gives a blob its name. */
type Naming = EventOf<"create" | "link" | "rename">;

function isNaming(event: TraceEvent): event is Naming {
  return event.kind === "create" || event.kind === "link" || event.kind === "rename";
}

/** The name under which the bytes are written, and the name of the blob. */
function namesOf(naming: Naming): { readonly file: string; readonly blob: string } {
  return naming.kind === "create" ? { file: naming.path, blob: naming.path } : { file: naming.from, blob: naming.to };
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

function proveCopy(trace: Trace, naming: Naming, row: LogTransaction): TraceEvent[] {
  const { file } = namesOf(naming);
  const writes = writesTo(trace, file);
  const written = writes.at(-1) ?? fail("nothing was written");
  const sync = syncAfter(trace, file, written);
  // A file created under the blob's name belongs to nobody until the row refers to it.
  if (naming.kind === "create") assertOrder("the file's sync", sync, "the row in the log", firstWrite(row));
  else assertOrder("the file's sync", sync, "its link among the blobs", naming);
  const folders = proveFolders(trace, naming, row);
  return [...writes, sync, naming, ...folders];
}

function firstWrite(row: LogTransaction): TraceEvent {
  return row.writes[0] ?? fail("there is no row");
}

/**
 * Proves that the blob's name is in its folder, and that each folder created during the trace is in its parent. The
 * syncs above the blobs' folder are no evidence, because another sync may stand in for one that is taken away.
 */
function proveFolders(trace: Trace, naming: Naming, row: LogTransaction): TraceEvent[] {
  const rows = firstWrite(row);
  const evidence: TraceEvent[] = [];
  let entry: TraceEvent | undefined = naming;
  for (let folder = dirname(namesOf(naming).blob); entry !== undefined; folder = dirname(folder)) {
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
