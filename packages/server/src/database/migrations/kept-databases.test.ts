import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { keptVersions, readKept } from "../../../../../scripts/upgrade/kept.ts";
import { readReleased } from "../../../../../scripts/upgrade/released.ts";
import { migrateDatabase, openDatabase, sqlitePath } from "../../app/open-database.ts";
import { resolveConfig } from "../../config/resolve-config.ts";
import { describeEngines, type EnginePlace } from "../../testing/engines.ts";
import { ownStatements } from "./testing/own-statements.ts";
import { schemaQueries } from "./testing/schema-queries.ts";

/** Tables whose rows an upgrade keeps. A kept library has some of each. */
const filled = [
  "accounts",
  "key_pairs",
  "folders",
  "files",
  "versions",
  "blobs",
  "used_tokens",
  "upload_sessions",
  "trashed_files",
  "trashed_versions",
  "custom_metadata_fields",
  "named_transformations",
  "webhook_endpoints",
  "events",
] as const;

test.each(["sqlite", "postgres"] as const)("there is a database on %s of every released version", (engine) => {
  expect(keptVersions(engine).toSorted()).toEqual(Object.keys(readReleased()).toSorted());
});

describeEngines((engine) => {
  let folder: string;
  const places: EnginePlace[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sluice-kept-"));
  });
  afterEach(async () => {
    for (const place of places.splice(0)) await place.drop();
    await rm(folder, { recursive: true });
  });

  async function prepare(): Promise<ReturnType<typeof resolveConfig>> {
    const place = await engine.prepareEmpty();
    places.push(place);
    return resolveConfig({ ...place.settings, dataDir: await mkdtemp(join(folder, "data-")) });
  }
  type Location = Awaited<ReturnType<typeof prepare>>;

  async function restore(location: Location, version: string): Promise<void> {
    if (location.databaseUrl === undefined) await writeFile(sqlitePath(location.dataDir), readKept(version, "sqlite"));
    else await ownStatements(location, readKept(version, "postgres").toString());
  }

  async function schemaOf(location: Location): Promise<Readonly<Record<string, unknown>>> {
    const queries = schemaQueries[location.databaseUrl === undefined ? "sqlite" : "postgres"];
    const rows = await Promise.all(queries.map((query) => ownStatements(location, query)));
    return Object.fromEntries(rows.flat().map(({ name, definition }) => [name, definition]));
  }

  async function countRows(location: Location): Promise<Readonly<Record<string, number>>> {
    const counts = filled.map((table) => `(select count(*) from ${table}) as ${table}`);
    const [row = {}] = await ownStatements(location, `select ${counts.join(", ")}`);
    return Object.fromEntries(Object.entries(row).map(([table, count]) => [table, Number(count)]));
  }

  describe.each(Object.keys(readReleased()))("a database of version %s", (version) => {
    test("gets the tables of a new one, and keeps its rows", async () => {
      const [kept, fresh] = [await prepare(), await prepare()];
      await restore(kept, version);
      const before = await countRows(kept);
      expect(Object.entries(before).filter(([, count]) => count === 0)).toEqual([]);
      await migrateDatabase(kept);
      await migrateDatabase(fresh);
      expect(await schemaOf(kept)).toEqual(await schemaOf(fresh));
      expect(await countRows(kept)).toEqual(before);
      await (await openDatabase(kept)).close();
    });
  });
});
