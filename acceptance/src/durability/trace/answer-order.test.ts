import { expect, test } from "vitest";
import { type AnsweredUpload, proveToken, proveUpload } from "./answer-order.ts";
import type { Action, Trace, TraceEvent } from "./trace.ts";

const content = Buffer.from("the file's bytes");
const digest = Buffer.alloc(32, 7);
const upload: AnsweredUpload = { requestId: "request-1", versionId: "version-1", content };
const log = "/data/sluice.sqlite-wal";

/** Events in sequence: each action begins when the previous one has ended. */
function inTurn(actions: readonly Action[]): TraceEvent[] {
  return actions.map((action, index) => ({ ...action, begin: index, end: index }));
}

function frame(offset: number, page: string | Buffer, isCommit: boolean): Action[] {
  const header = Buffer.alloc(24);
  header.writeUInt32BE(isCommit ? 12 : 0, 4);
  return [
    { kind: "write", path: log, offset, bytes: header },
    { kind: "write", path: log, offset: offset + 24, bytes: Buffer.concat([Buffer.from(page)], 100) },
  ];
}

const blobActions = (spool = "/data/spool/1.upload", key = "ab0123"): Action[] => [
  { kind: "create", path: spool },
  { kind: "write", path: spool, offset: 0, bytes: content.subarray(0, 9) },
  { kind: "write", path: spool, offset: 9, bytes: content.subarray(9) },
  { kind: "make folder", path: "/data/blobs/ab" },
  { kind: "sync", path: "/data/blobs" },
  { kind: "sync", path: spool },
  { kind: "link", from: spool, to: `/data/blobs/ab/${key}` },
  { kind: "sync", path: "/data/blobs/ab" },
];
/** The actions of a small upload, which is written directly under the blob's name. */
const directActions: Action[] = [
  { kind: "make folder", path: "/data/blobs/ab" },
  { kind: "sync", path: "/data/blobs" },
  { kind: "create", path: "/data/blobs/ab/ab0123" },
  { kind: "write", path: "/data/blobs/ab/ab0123", offset: 0, bytes: content },
  { kind: "sync", path: "/data/blobs/ab/ab0123" },
  { kind: "sync", path: "/data/blobs/ab" },
];
const burnActions: Action[] = [...frame(32, Buffer.concat([Buffer.from("ledger "), digest]), true)];
const rowActions = (key = "ab0123"): Action[] => [
  ...frame(156, `blobs ${key}`, false),
  ...frame(280, "versions version-1", true),
];
const logSync: Action = { kind: "sync", path: log };
const answer: Action = { kind: "send", bytes: Buffer.from("HTTP/1.1 200 OK\r\nx-ik-requestid: request-1\r\n\r\n{}") };

const good = [...burnActions, logSync, ...blobActions(), ...rowActions(), logSync, answer];

function expectToNeed(trace: Trace, evidence: readonly TraceEvent[], prove: (trace: Trace) => unknown): void {
  for (const event of evidence) {
    expect(() => prove(trace.filter((other) => other !== event)), `without event ${event.begin}`).toThrow();
  }
}

test("an upload in good order is proven, and each event of the proof is needed", () => {
  const trace = inTurn(good);
  const prove = (changed: Trace) => proveUpload(changed, { ...upload, digest });
  const evidence = prove(trace);
  expect(evidence.map(({ kind }) => kind)).toEqual([
    ...["write", "write"],
    ...["write", "write", "sync", "link", "sync", "sync"],
    ...["write", "write", "write", "write", "sync", "send"],
  ]);
  expectToNeed(trace, evidence, prove);
});

test("so is one whose bytes were written under the blob's name; the row comes after their sync", () => {
  const trace = inTurn([...directActions, ...rowActions(), logSync, answer]);
  const prove = (changed: Trace) => proveUpload(changed, upload);
  const evidence = prove(trace);
  expect(evidence.map(({ kind }) => kind)).toEqual([
    ...["write", "sync", "create", "sync", "sync"],
    ...["write", "write", "write", "write", "sync", "send"],
  ]);
  expectToNeed(trace, evidence, prove);
  const late = inTurn([
    ...directActions.toSpliced(4, 1),
    ...rowActions(),
    ...directActions.slice(4, 5),
    ...[logSync, answer],
  ]);
  expect(() => prove(late)).toThrow("the file's sync was not over before the row");
});

test("a refusal is proven by the ledger's row, and each event of the proof is needed", () => {
  const trace = inTurn([...burnActions, logSync, answer]);
  const prove = (changed: Trace) => proveToken(changed, { requestId: "request-1", digest });
  expectToNeed(trace, prove(trace), prove);
});

test("what overlaps proves nothing: a sync that began before the write was over, an answer before the sync was", () => {
  const overlap = (kind: Action["kind"], path: string, change: (event: TraceEvent) => Partial<TraceEvent>): Trace => {
    const trace = inTurn(good);
    const at = trace.findIndex((event) => event.kind === kind && (!("path" in event) || event.path === path));
    return trace.map((event, index) => (index === at ? ({ ...event, ...change(event) } as TraceEvent) : event));
  };
  const stretches: [Action["kind"], string, (event: TraceEvent) => Partial<TraceEvent>][] = [
    ["sync", "/data/spool/1.upload", ({ begin }) => ({ begin: begin - 4.5 })],
    ["sync", "/data/blobs/ab", ({ begin }) => ({ begin: begin - 1.5 })],
    ["sync", "/data/blobs/ab", ({ end }) => ({ end: end + 1.5 })],
    ["sync", "/data/blobs", ({ begin }) => ({ begin: begin - 1.5 })],
    ["send", "", ({ begin }) => ({ begin: begin - 1.5 })],
  ];
  for (const [kind, path, change] of stretches) {
    expect(() => proveUpload(overlap(kind, path, change), upload), `${kind} ${path}`).toThrow();
  }
});

test("content of an earlier upload needs no bytes of its own, but its row and its place", () => {
  const later = { requestId: "request-2", versionId: "version-2", content };
  const answer2: Action = { kind: "send", bytes: Buffer.from("x-ik-requestid: request-2") };
  const trace = inTurn([...good, ...frame(404, "versions version-2", true), logSync, answer2]);
  const prove = (changed: Trace) => proveUpload(changed, later);
  expectToNeed(trace, prove(trace), prove);
  const premature = inTurn([...frame(404, "versions version-2", true), logSync, answer2, ...good]);
  expect(() => prove(premature)).toThrow();
});

test("of two copies of the same content only the one that got a row counts", () => {
  const copies = (order: Action[]) => inTurn([...order, ...rowActions("ab4567"), logSync, answer]);
  const lost = blobActions("/data/spool/2.upload", "ab0123");
  const kept = blobActions("/data/spool/1.upload", "ab4567");
  proveUpload(copies([...lost, ...kept]), upload);
  proveUpload(copies([...kept, ...lost]), upload);
  const isSync = (action: Action) => action.kind === "sync" && action.path === "/data/spool/1.upload";
  expect(() => proveUpload(copies([...lost, ...kept.filter((action) => !isSync(action))]), upload)).toThrow();
});
