import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { migrateDatabase, openDatabase, sqlitePath } from "../../app/open-database.ts";
import { resolveConfig } from "../../config/resolve-config.ts";
import { describeEngines, type EnginePlace } from "../../testing/engines.ts";

describeEngines((engine) => {
  let folder: string;
  let place: EnginePlace;
  let config: ReturnType<typeof resolveConfig>;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sluice-migrations-"));
    place = await engine.prepare();
    config = resolveConfig({ ...place.settings, dataDir: folder });
  });
  afterEach(async () => {
    await place.drop();
    await rm(folder, { recursive: true });
  });

  /** Behind Sluice's back. */
  async function execute(...statements: readonly string[]): Promise<Record<string, unknown>[]> {
    if (place.settings.databaseUrl === undefined) {
      const database = new DatabaseSync(sqlitePath(folder));
      try {
        return statements.map((text) => database.prepare(text).all()).at(-1) ?? [];
      } finally {
        database.close();
      }
    }
    const client = new pg.Client({ connectionString: place.settings.databaseUrl });
    await client.connect();
    try {
      let rows: Record<string, unknown>[] = [];
      for (const text of statements) ({ rows } = await client.query(text));
      return rows;
    } finally {
      await client.end();
    }
  }

  test("a database of an earlier version, with kysely's names, goes on under Sluice's, however many find it at once", async () => {
    const names = await migrateDatabase(config);
    await execute(
      "alter table sluice_migrations rename to kysely_migration",
      "alter table sluice_migration_lock rename to kysely_migration_lock",
    );
    // Nodes; of SQLite's file one process is the owner.
    const count = place.settings.databaseUrl === undefined ? 1 : 5;
    const databases = await Promise.all(Array.from({ length: count }, () => openDatabase(config)));
    await Promise.all(databases.map((database) => database.close()));
    expect(await migrateDatabase(config)).toEqual([]);
    const kept = await execute("select name from sluice_migrations order by name");
    expect(kept.map(({ name }) => name)).toEqual(names);
    await expect(execute("select 1 from kysely_migration")).rejects.toThrow();
  });

  test("whoever watches is told which migration runs, of how many", async () => {
    const running: string[] = [];
    let total: number | undefined;
    let done = 0;
    const names = await migrateDatabase(config, {
      begin: async (what, _unit, count) => {
        if (what === "migrating the database") total = await count?.();
      },
      advance(amount, at) {
        done += amount;
        if (at !== undefined) running.push(at);
      },
    });
    expect(running).toEqual(names);
    expect([total, done]).toEqual([names.length, names.length]);
  });

  test("what another program that uses kysely keeps in the same database is none of Sluice's, and stays", async () => {
    await execute(
      "create table kysely_migration (name varchar(255) not null primary key, timestamp varchar(255) not null)",
      "create table kysely_migration_lock (id varchar(255) not null primary key, is_locked integer not null default 0)",
      "insert into kysely_migration values ('0001-initial', 'then'), ('2024-theirs', 'then')",
    );
    expect(await migrateDatabase(config)).toContain("0001-initial");
    const theirs = await execute("select name from kysely_migration order by name");
    expect(theirs.map(({ name }) => name)).toEqual(["0001-initial", "2024-theirs"]);
    await (await openDatabase(config)).close();
  });
});
