import { describe } from "vitest";
import {
  createMigratedDatabase,
  createTestDatabase,
  describePostgres,
  type TestDatabase,
} from "../database/testing/postgres-database.ts";

/** A test's own database: the SQLite file in its folder, or a database on the tests' PostgreSQL server. */
export interface TestEngine {
  /** Makes a place whose database has no rows. On PostgreSQL it has its tables already. */
  prepare(): Promise<EnginePlace>;
  /** Makes a place whose database has no tables. */
  prepareEmpty(): Promise<EnginePlace>;
}

export interface EnginePlace {
  /** The settings that lead to the database. */
  readonly settings: { readonly databaseUrl?: string };
  drop(): Promise<void>;
}

export const sqliteEngine: TestEngine = {
  prepare: async () => ({ settings: {}, drop: async () => undefined }),
  prepareEmpty: () => sqliteEngine.prepare(),
};

export const postgresEngine: TestEngine = {
  prepare: async () => placeOf(await createMigratedDatabase()),
  prepareEmpty: async () => placeOf(await createTestDatabase()),
};

function placeOf({ url, drop }: TestDatabase): EnginePlace {
  return { settings: { databaseUrl: url }, drop };
}

/** Runs tests of behaviour that both databases share (docs/architecture.md decision 5). */
export function describeEngines(tests: (engine: TestEngine) => void): void {
  describe("on SQLite", () => tests(sqliteEngine));
  describePostgres("on PostgreSQL", () => tests(postgresEngine));
}
