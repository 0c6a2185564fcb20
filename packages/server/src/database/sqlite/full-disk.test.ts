import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fillDisk } from "../../storage/testing/fill-disk.ts";
import { type Mount, mountTmpfs } from "../../storage/testing/mount-tmpfs.ts";
import { type Database, DatabaseFullError } from "../database.ts";
import * as transactions from "../testing/room-transactions.ts";
import { shareWriterThread } from "../testing/share-writer-thread.ts";
import { LogReserve } from "./log-reserve.ts";
import { openForWriting } from "./open.ts";
import { runForOthers } from "./remote-database.ts";
import { openSqliteDatabase } from "./sqlite-database.ts";

const transactionsUrl = new URL("../testing/room-transactions.ts", import.meta.url).href;
const MiB = 1024 * 1024;
const mayMount = await mountTmpfs("size=64k").then(async (mount) => {
  await mount?.unmount();
  return mount !== undefined;
});

let mount: Mount;
let path: string;
let database: Database;

/** The test needs a disk of its own. Nothing else can be filled where mounting isn't allowed. */
describe.runIf(mayMount)("on a full disk", () => {
  beforeEach(async () => {
    const mounted = await mountTmpfs("size=32m");
    if (mounted === undefined) throw new Error("Mounting worked a moment ago");
    mount = mounted;
    path = join(mount.path, "sluice.sqlite");
    database = await open();
  });
  afterEach(async () => {
    await database.close();
    await mount.unmount();
  });

  const open = () => openSqliteDatabase(path, transactionsUrl, { startThread: shareWriterThread });
  const sizeOf = (end: "-wal" | "-reserve") => statSync(`${path}${end}`, { throwIfNoEntry: false })?.size ?? 0;
  const countAccounts = async () => (await database.reader.selectFrom("accounts").select("id").execute()).length;
  const countDisabled = async () =>
    (await database.reader.selectFrom("accounts").select("id").where("status", "=", "disabled").execute()).length;

  /** Copies the log into the database, as happens while there is room. `truncate` leaves a log of no length. */
  function copyLog(how: "passive" | "truncate"): void {
    const other = openForWriting(path);
    other.exec(`pragma wal_checkpoint(${how})`);
    other.close();
  }

  /** Takes a reserve as the server's writer does, which does it while it rests. */
  function takeReserve(bytes = 2 * MiB): LogReserve {
    const reserve = new LogReserve(path, bytes);
    while (reserve.fill());
    return reserve;
  }

  test("what makes room is committed from the reserve, and nothing else is", async () => {
    await database.run(transactions.addAccounts, { from: 0, count: 300 });
    takeReserve();
    copyLog("truncate");
    const makeRoom = fillDisk(mount.path);
    await expect(database.run(transactions.disableAccounts, { makesRoom: false })).rejects.toThrow(DatabaseFullError);
    expect(await countDisabled()).toBe(0);
    expect(sizeOf("-reserve")).toBe(2 * MiB);
    await database.run(transactions.disableAccounts, { makesRoom: true });
    expect(await countDisabled()).toBe(300);
    const used = sizeOf("-wal");
    expect(used).toBeGreaterThan(1 * MiB);
    // What was given up and not used is taken back to the last block.
    expect(2 * MiB - sizeOf("-reserve")).toBeLessThan(used + 64 * 1024);
    makeRoom();
    await database.check();
    takeReserve();
    expect(sizeOf("-reserve")).toBe(2 * MiB);
  });

  test("of the tasks of one group those that make room are done, and the others fail", async () => {
    await database.run(transactions.addAccounts, { from: 0, count: 300 });
    takeReserve();
    copyLog("truncate");
    fillDisk(mount.path);
    const outcomes = await Promise.allSettled([
      database.run(transactions.disableAccounts, { makesRoom: false }),
      database.run(transactions.removeAccounts, { until: 40 }),
      database.run(transactions.disableAccounts, { makesRoom: false }),
      database.run(transactions.removeAccounts, { until: 50 }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "rejected", "fulfilled"]);
    expect([await countAccounts(), await countDisabled()]).toEqual([250, 0]);
  });

  test("the log begins anew before the reserve is used, so that any number of deletions go through", async () => {
    await database.run(transactions.addAccounts, { from: 0, count: 300 });
    const before = takeReserve();
    copyLog("passive");
    fillDisk(mount.path);
    for (let until = 1; until <= 200; until++) await database.run(transactions.removeAccounts, { until });
    expect(await countAccounts()).toBe(100);
    expect(sizeOf("-reserve")).toBe(2 * MiB);
    expect(before.fill()).toBe(false);
  });

  test("without a reserve, or with too small a one, a deletion fails as the rest does", async () => {
    await database.run(transactions.addAccounts, { from: 0, count: 300 });
    copyLog("truncate");
    const makeRoom = fillDisk(mount.path);
    await expect(database.run(transactions.disableAccounts, { makesRoom: true })).rejects.toThrow(DatabaseFullError);
    makeRoom();
    takeReserve(0.5 * MiB);
    fillDisk(mount.path);
    await expect(database.run(transactions.disableAccounts, { makesRoom: true })).rejects.toThrow(DatabaseFullError);
    expect(await countDisabled()).toBe(0);
    // The log has got longer by what it took, and takes less the next time.
    expect(sizeOf("-reserve") + sizeOf("-wal")).toBeGreaterThanOrEqual(0.5 * MiB);
    await database.run(transactions.removeAccounts, { until: 10 });
    expect(await countAccounts()).toBe(290);
  });

  test("another process is told of a full disk in the same way", async () => {
    await database.run(transactions.addAccounts, { from: 0, count: 300 });
    copyLog("truncate");
    fillDisk(mount.path);
    const task = { id: 1, name: "disableAccounts", input: { makesRoom: false } };
    expect(await runForOthers(database, transactions, [task])).toMatchObject([{ id: 1, isDiskFull: true }]);
  });

  test("a database without its log's index is opened with room of the reserve", async () => {
    await database.run(transactions.addAccounts, { from: 0, count: 10 });
    await database.close();
    copyLog("truncate");
    expect(statSync(`${path}-shm`, { throwIfNoEntry: false })).toBeUndefined();
    fillDisk(mount.path);
    await expect(open()).rejects.toThrow("Can't open the database");
    rmSync(join(mount.path, "ballast"));
    takeReserve();
    fillDisk(mount.path);
    database = await open();
    await database.run(transactions.removeAccounts, { until: 1 });
    expect(await countAccounts()).toBe(9);
  });
});

test("a reserve takes at most an eighth of the room, and nothing where it is not wanted", async ({ skip }) => {
  const small = await mountTmpfs("size=4m");
  if (small === undefined) return skip("this process may not mount");
  try {
    const file = join(small.path, "sluice.sqlite");
    for (const reserve of [new LogReserve(file, 0), new LogReserve(file, 32 * MiB)]) while (reserve.fill());
    const { size, mode } = statSync(`${file}-reserve`);
    expect(size).toBeGreaterThan(0.4 * MiB);
    expect(size).toBeLessThanOrEqual(0.5 * MiB);
    expect(mode & 0o777).toBe(0o600);
    const other = new LogReserve(file, 0);
    expect([other.giveUp(), other.giveUp(), other.giveUp()]).toEqual([true, true, false]);
    expect(statSync(`${file}-reserve`).size).toBe(0);
    other.takeBack();
    expect(statSync(`${file}-reserve`).size).toBe(size);
  } finally {
    await small.unmount();
  }
});
