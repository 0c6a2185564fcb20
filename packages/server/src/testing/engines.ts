import { describe } from "vitest";
import { createTestDatabase, describePostgres } from "../database/testing/postgres-database.ts";

/** A test's own empty database: the SQLite file in its folder, or a database on the tests' PostgreSQL server. */
export interface TestEngine {
  prepare(): Promise<EnginePlace>;
}

export interface EnginePlace {
  /** The settings that lead to the database. */
  readonly settings: { readonly databaseUrl?: string };
  drop(): Promise<void>;
}

export const sqliteEngine: TestEngine = {
  prepare: async () => ({ settings: {}, drop: async () => undefined }),
};

export const postgresEngine: TestEngine = {
  async prepare() {
    const { url, drop } = await createTestDatabase();
    return { settings: { databaseUrl: url }, drop };
  },
};

/** Runs tests of behaviour that both databases share (docs/architecture.md decision 5). */
export function describeEngines(tests: (engine: TestEngine) => void): void {
  describe("on SQLite", () => tests(sqliteEngine));
  describePostgres("on PostgreSQL", () => tests(postgresEngine));
}
