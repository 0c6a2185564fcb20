import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Connection } from "../database.ts";
import { forgetRevision, revisionOf } from "../revision.ts";
import { openForReading, openForWriting } from "./open.ts";
import { sqliteConnection } from "./sqlite-connection.ts";

let folder: string;
let path: string;
let writer: DatabaseSync;
let reader: Connection;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-revision-"));
  path = join(folder, "sluice.sqlite");
  writer = openForWriting(path);
  writer.exec("create table t (n integer)");
  reader = sqliteConnection(openForReading(path));
});
afterEach(async () => {
  await reader.destroy();
  writer.close();
  await rm(folder, { recursive: true });
});

/** A timer would not do: a timer that is due by then belongs to the same turn of the event loop. */
async function nextEvents(): Promise<void> {
  await setImmediate();
  await setImmediate();
}

test("a commit of another connection changes it, and one that came to nothing does not", async () => {
  const first = revisionOf(reader);
  writer.exec("begin; insert into t values (1); rollback");
  await nextEvents();
  expect(revisionOf(reader)).toBe(first);
  writer.exec("insert into t values (1)");
  await nextEvents();
  expect(revisionOf(reader)).not.toBe(first);
});

test("a commit of another process changes it, a checkpoint doesn't hide it", async () => {
  const first = revisionOf(reader);
  const commit = `new (require("node:sqlite").DatabaseSync)(process.argv[1]).exec("insert into t values (1)")`;
  await promisify(execFile)(process.execPath, ["-e", commit, path]);
  const second = revisionOf(reader);
  expect(second).not.toBe(first);
  writer.exec("insert into t values (2); pragma wal_checkpoint(truncate)");
  await nextEvents();
  expect(revisionOf(reader)).not.toBe(second);
});

describe("while the event loop works off what has arrived together", () => {
  let now = 0;
  beforeEach(async () => {
    await nextEvents();
    vi.spyOn(performance, "now").mockImplementation(() => now);
  });
  afterEach(() => vi.restoreAllMocks());

  test("it is looked at once, unless a commit is known of", () => {
    const first = revisionOf(reader);
    writer.exec("insert into t values (1)");
    now += 0.9;
    expect(revisionOf(reader)).toBe(first);
    forgetRevision(reader);
    expect(revisionOf(reader)).not.toBe(first);
  });

  test("it is looked at again after a millisecond, however long that takes", () => {
    const first = revisionOf(reader);
    writer.exec("insert into t values (1)");
    now += 1.1;
    expect(revisionOf(reader)).not.toBe(first);
  });
});
