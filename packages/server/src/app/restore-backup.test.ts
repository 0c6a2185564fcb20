import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createUploadToken } from "@sluice/token";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fillAccount } from "../account-data/testing/full-account.ts";
import { rotateKeyPair } from "../accounts/manage-key-pairs.ts";
import { dumpedJobNames } from "../app/jobs.ts";
import { openSnapshot } from "../app/open-dump.ts";
import { openParts } from "../app/parts.ts";
import { type BackupPlace, openBackupPlace } from "../backup/backup-place.ts";
import { keepNewest } from "../backup/keep-newest.ts";
import { makeBackup } from "../backup/make-backup.ts";
import { type Manifest, readManifests } from "../backup/manifest.ts";
import { restoreBackup } from "../backup/restore-backup.ts";
import { serveRestoredLibrary } from "../backup/restore-transactions.ts";
import type { Config } from "../config/config.ts";
import { resolveConfig } from "../config/resolve-config.ts";
import { dumpedTables } from "../database/dump/dumped-tables.ts";
import { readTable } from "../database/dump/snapshot.ts";
import { requestPurgeTransaction } from "../delivery/purge/purge-transactions.ts";
import { type DumpedJob, readJobs } from "../jobs/dumped-jobs.ts";
import { checkConsistency } from "../maintenance/fsck.ts";
import { noProgress } from "../observability/progress.ts";
import { makeDurableFolder } from "../storage/durable-folder.ts";
import {
  describeEngines,
  type EnginePlace,
  postgresEngine,
  sqliteEngine,
  type TestEngine,
} from "../testing/engines.ts";
import { never, openUploadFixture, type UploadFixture } from "../testing/upload-fixture.ts";
import { newId } from "../text/id.ts";
import { verifyToken } from "../upload/form/authorise/upload-token.ts";
import { backupDeps, openRestoreDeps } from "./backup-deps.ts";

const keys = { publicKey: "public_demo", privateKey: "private_demo" };
const hasPostgres = process.env.DATABASE_URL !== undefined;
const targets: [name: string, engine: TestEngine][] = [
  ["SQLite", sqliteEngine],
  ...(hasPostgres ? ([["PostgreSQL", postgresEngine]] as [string, TestEngine][]) : []),
];

describeEngines((engine) => {
  let fixture: UploadFixture;
  let folder: string;
  let place: BackupPlace;
  let target: { readonly place: EnginePlace; readonly config: Config } | undefined;
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
    folder = await mkdtemp(join(tmpdir(), "sluice-backup-"));
    place = await openBackupPlace({ text: join(folder, "to"), option: "--to", writes: true }, never);
    target = undefined;
  });
  afterEach(async () => {
    await place.close();
    await fixture.close();
    await target?.place.drop();
    await rm(folder, { recursive: true });
  });

  const backUp = () => makeBackup(backupDeps(fixture.config, fixture.parts), { place }, never);

  async function newLibrary(of: TestEngine = engine): Promise<Config> {
    const prepared = await of.prepare();
    const config = resolveConfig({ ...prepared.settings, dataDir: join(folder, "restored"), port: 0 });
    target = { place: prepared, config };
    return config;
  }

  async function restore(config: Config, manifest: Manifest) {
    const deps = await openRestoreDeps(config, async (path) => void (await makeDurableFolder(path)), never);
    try {
      return await restoreBackup(deps, { place, manifest }, never);
    } finally {
      await deps.close();
    }
  }

  /** All rows of the tables in a backup, sorted, without the revision that triggers change. */
  async function rowsOf(config: Config): Promise<Record<string, unknown[]>> {
    const snapshot = await openSnapshot(config);
    const all: Record<string, unknown[]> = {};
    try {
      for (const table of dumpedTables) {
        const rows: Record<string, unknown>[] = [];
        for await (const batch of readTable(snapshot, table)) {
          for (const row of batch.rows) {
            const entries = batch.columns.map((name, index) => [name, row[index]] as const);
            const sorted = entries.filter(([name]) => name !== "revision").sort(([a], [b]) => (a < b ? -1 : 1));
            rows.push(Object.fromEntries(sorted));
          }
        }
        all[table] = rows.map((row) => JSON.stringify(row)).sort();
      }
    } finally {
      await snapshot.close();
    }
    return all;
  }

  /** The jobs that have not ended, without the times at which they may run. */
  async function jobsOf(config: Config): Promise<Omit<DumpedJob, "dueAt">[]> {
    const snapshot = await openSnapshot(config);
    try {
      const all: Omit<DumpedJob, "dueAt">[] = [];
      for await (const jobs of readJobs(snapshot, dumpedJobNames)) {
        for (const { dueAt: _, input, ...job } of jobs) all.push({ ...job, input: JSON.stringify(JSON.parse(input)) });
      }
      return all;
    } finally {
      await snapshot.close();
    }
  }

  test.each(targets)("every row, content and job comes back on %s, and the library is clean", async (_, of) => {
    await fillAccount(fixture);
    const opened = await fixture.openJobs();
    const purge = { id: newId(), accountId: fixture.principal.accountId, now: Date.now(), of: { prefix: "/a" } };
    await fixture.parts.database.run(requestPurgeTransaction, purge);
    await opened.close();
    const { manifest } = await backUp();
    const config = await newLibrary(of);
    await restore(config, manifest);
    expect(await jobsOf(fixture.config)).toContainEqual(
      expect.objectContaining({ name: "purge-files", input: JSON.stringify({ purgeId: purge.id }) }),
    );
    expect(await jobsOf(config)).toEqual(await jobsOf(fixture.config));
    const [before, after] = [await rowsOf(fixture.config), await rowsOf(config)];
    for (const table of dumpedTables) {
      // A catalogue that PostgreSQL has filled is settled.
      if (table === "catalogue" || table === "catalogue_terms") continue;
      expect({ table, rows: after[table] }).toEqual({ table, rows: before[table] });
    }
    const parts = await openParts(config);
    try {
      const found = await checkConsistency(parts, { deep: true }, never);
      expect(found.problems).toEqual((await checkConsistency(fixture.parts, { deep: true }, never)).problems);
      expect(found).toMatchObject({ files: 1, versions: 2, trashedFiles: 1 });
    } finally {
      await parts.close();
    }
  });

  test("a token that was used after the backup is refused, also if its backend's clock is ahead", async () => {
    const { manifest } = await backUp();
    const config = await newLibrary();
    await restore(config, manifest);
    const parts = await openParts(config);
    try {
      const served = Date.now() + 3_600_000;
      const mint = (issued: number) =>
        createUploadToken({ fileName: "a.txt" }, { ...keys, expiresIn: 600, now: Math.floor(issued / 1000) });
      const present = async (token: string, arrivedAt: number) => verifyToken(parts.accountsByKey, token, arrivedAt);
      const old = await mint(Date.now());
      await expect(present(old, Date.now())).rejects.toMatchObject({ reason: "TOKEN_FROM_BEFORE_RESTORE" });
      // The library that was backed up went on until the restored one was served.
      const between = await mint(served - 1000);
      await expect(present(between, served)).resolves.toBeTruthy();
      expect(await parts.database.run(serveRestoredLibrary, { now: served })).toBe(true);
      expect(await parts.database.run(serveRestoredLibrary, { now: served + 1e6 })).toBe(false);
      await expect(present(between, served)).rejects.toMatchObject({ reason: "TOKEN_FROM_BEFORE_RESTORE" });
      const ahead = await mint(served + 59_000);
      await expect(present(ahead, served + 1000)).rejects.toMatchObject({ reason: "TOKEN_FROM_BEFORE_RESTORE" });
      await expect(present(await mint(served + 91_000), served + 91_000)).resolves.toBeTruthy();
      const pair = { publicKey: "public_new", privateKey: "private_new" };
      const rotation = { imagekitId: "demo", pair, graceMs: 0, now: served };
      await parts.database.run(rotateKeyPair, rotation);
      const now = Math.floor(served / 1000);
      await expect(
        present(await createUploadToken({ fileName: "a" }, { ...pair, expiresIn: 9, now }), served),
      ).resolves.toBeTruthy();
    } finally {
      await parts.close();
    }
  });

  test("a further backup copies only new contents, and files are for their owner alone", async () => {
    await fixture.upload("one");
    expect((await backUp()).copied).toMatchObject({ contents: 1, bytes: 3 });
    await fixture.upload("three", { fileName: "b.txt" });
    expect((await backUp()).copied).toMatchObject({ contents: 1, bytes: 5 });
    const { manifest: made, copied } = await backUp();
    expect(copied).toMatchObject({ contents: 0 });
    for (const entry of await readdir(join(folder, "to"), { recursive: true, withFileTypes: true })) {
      const { mode } = await stat(join(entry.parentPath, entry.name));
      expect(mode & 0o777).toBe(entry.isDirectory() ? 0o700 : 0o600);
    }
    const { backups } = await readManifests(place.manifests, never);
    expect(backups).toHaveLength(3);
    expect(await keepNewest({ place, keep: 1, made }, never, noProgress)).toEqual({ backups: 2, contents: 0 });
    expect((await readManifests(place.manifests, never)).backups).toHaveLength(1);
  });
});
