import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { migrateDatabase, openDatabase } from "../../app/open-database.ts";
import { resolveConfig } from "../../config/resolve-config.ts";
import { describeEngines, type EnginePlace } from "../../testing/engines.ts";
import { earlierVersion } from "./testing/earlier-version.ts";
import { ownStatements } from "./testing/own-statements.ts";

describeEngines((engine) => {
  let folder: string;
  let place: EnginePlace;
  let config: ReturnType<typeof resolveConfig>;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sluice-migrations-"));
    place = await engine.prepareEmpty();
    config = resolveConfig({ ...place.settings, dataDir: folder });
  });
  afterEach(async () => {
    await place.drop();
    await rm(folder, { recursive: true });
  });

  const execute = (...statements: readonly string[]) => ownStatements(config, ...statements);

  test.each(["sluice_migrations", "kysely_migration"])(
    "a database of an earlier version, which kept its migrations in %s, is refused and stays as it is",
    async (table) => {
      const statements = earlierVersion(table);
      await execute(...statements);
      const refusal = /^--(data-dir|database-url): .* is of an earlier version of Sluice/;
      await expect(migrateDatabase(config)).rejects.toThrow(refusal);
      await expect(openDatabase(config)).rejects.toThrow(refusal);
      await expect(execute("select 1 from accounts")).rejects.toThrow();
      expect(await execute(`select name from ${table}`)).toEqual([{ name: "0001-initial" }]);
    },
  );

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

  test("only the database whose jobs are in the table `jobs` has that table", async () => {
    await migrateDatabase(config);
    const rows = execute("select id from jobs");
    if (place.settings.databaseUrl === undefined) expect(await rows).toEqual([]);
    else await expect(rows).rejects.toThrow('relation "jobs" does not exist');
  });

  test("what another program that uses kysely keeps in the same database is none of Sluice's, and stays", async () => {
    await execute(
      "create table kysely_migration (name varchar(255) not null primary key, timestamp varchar(255) not null)",
      "create table kysely_migration_lock (id varchar(255) not null primary key, is_locked integer not null default 0)",
      "insert into kysely_migration values ('0001-initial', 'then'), ('2024-theirs', 'then')",
    );
    expect(await migrateDatabase(config)).toContain("0001-schema");
    const theirs = await execute("select name from kysely_migration order by name");
    expect(theirs.map(({ name }) => name)).toEqual(["0001-initial", "2024-theirs"]);
    await (await openDatabase(config)).close();
  });
});
