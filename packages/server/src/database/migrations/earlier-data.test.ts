import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kysely, Migrator, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { expect, test } from "vitest";
import { migrateDatabase, openDatabase, sqlitePath } from "../../app/open-database.ts";
import { resolveConfig } from "../../config/resolve-config.ts";
import { describeEngines } from "../../testing/engines.ts";
import { listAccounts } from "../repositories/accounts.ts";
import { findVersionById } from "../repositories/assets.ts";
import { findMiscountedAccounts } from "../repositories/consistency.ts";
import { NodeSqliteDialect } from "../sqlite/node-sqlite-dialect.ts";
import { openForWriting } from "../sqlite/open.ts";
import * as initial from "./0001-initial.ts";
import * as jobs from "./0002-jobs.ts";
import * as uploadOutcomes from "./0003-upload-outcomes.ts";
import * as v1Signatures from "./0004-v1-signatures.ts";
import * as customMetadata from "./0005-custom-metadata.ts";
import { postgresColumnTypes, sqliteColumnTypes } from "./column-types.ts";
import { migrationTables } from "./migration-tables.ts";

/** Those of the version that had neither webhooks nor storage limits. */
const earlier = {
  "0001-initial": initial,
  "0002-jobs": jobs,
  "0003-upload-outcomes": uploadOutcomes,
  "0004-v1-signatures": v1Signatures,
  "0005-custom-metadata": customMetadata,
};

describeEngines((engine) => {
  test("what an earlier version stored is there afterwards, and counted", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sluice-earlier-"));
    const place = await engine.prepare();
    const { databaseUrl } = place.settings;
    const config = resolveConfig({ ...place.settings, dataDir: folder });
    const dialect =
      databaseUrl === undefined
        ? new NodeSqliteDialect(openForWriting(sqlitePath(folder)))
        : new PostgresDialect({ pool: new pg.Pool({ connectionString: databaseUrl }) });
    const types = databaseUrl === undefined ? sqliteColumnTypes : postgresColumnTypes;
    const before = new Kysely<unknown>({ dialect });
    try {
      const migrations = Object.fromEntries(
        Object.entries(earlier).map(([name, { up }]) => [name, { up: (db: Kysely<unknown>) => up(db, types) }]),
      );
      const provider = { getMigrations: async () => migrations };
      const { error } = await new Migrator({ db: before, provider, ...migrationTables }).migrateToLatest();
      expect(error).toBeUndefined();
      for (const [account, sizes] of [
        ["a", [100, 20]],
        ["b", [5000]],
      ] as const) {
        await store(before, account, sizes);
      }
      await before.destroy();

      expect(await migrateDatabase(config)).toContain("0009-metadata-and-storage");
      const database = await openDatabase(config);
      try {
        const { reader } = database;
        const stored = async () => {
          const rows = await reader.selectFrom("account_storage").select(["account_id", "bytes"]).execute();
          return new Map(rows.map((row) => [row.account_id, Number(row.bytes)]));
        };
        expect(await stored()).toEqual(new Map(Object.entries({ a: 120, b: 5000 })));
        expect(await findMiscountedAccounts(reader)).toEqual([]);
        // That version took V1 uploads unless they were switched off.
        expect((await listAccounts(reader)).map((account) => account.v1_uploads)).toEqual([0, 0]);
        expect(await findVersionById(reader, "a", "version-a-1")).toMatchObject({
          size: 20,
          tags: '["x"]',
          embedded_metadata: null,
          purges: 0,
          pages: null,
        });
        expect(await database.run("removeFile", { accountId: "a", fileId: "file-a" })).toBe("done");
        expect(await stored()).toEqual(new Map(Object.entries({ a: 0, b: 5000 })));
      } finally {
        await database.close();
      }
    } finally {
      await before.destroy();
      await place.drop();
      await rm(folder, { recursive: true });
    }
  });
});

/** A file with versions of these sizes, the last one current. */
async function store(database: Kysely<unknown>, account: string, sizes: readonly number[]): Promise<void> {
  const file = `file-${account}`;
  const last = sizes.length - 1;
  const rows = [
    sql`insert into accounts (id, imagekit_id, status, created_at) values (${account}, ${account}, 'active', 1)`,
    sql`insert into folders (id, account_id, name, path, created_at, updated_at)
      values (${`folder-${account}`}, ${account}, '', '/', 1, 1)`,
    sql`insert into files
      (id, account_id, folder_id, name, current_version_id, last_version_number, created_at, updated_at)
      values (${file}, ${account}, ${`folder-${account}`}, 'a.jpg', ${`version-${account}-${last}`}, ${last + 1}, 1, 1)`,
    ...sizes.flatMap((size, index) => [
      sql`insert into blobs (id, account_id, storage_key, sha256, size, created_at, touched_at) values
        (${`blob-${account}-${index}`}, ${account}, ${`key-${account}-${index}`}, ${Buffer.from([index])}, ${size}, 1, 1)`,
      sql`insert into versions (id, account_id, file_id, number, blob_id, size, mime, file_type, tags, is_private_file,
        is_published, object_version, created_at, updated_at)
        values (${`version-${account}-${index}`}, ${account}, ${file}, ${index + 1}, ${`blob-${account}-${index}`}, ${size},
        'image/jpeg', 'image', '["x"]', 0, 1, 'o', 1, 1)`,
    ]),
  ];
  for (const row of rows) await row.execute(database);
}
