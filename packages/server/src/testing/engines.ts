import { describe } from "vitest";
import { createTestDatabase, describePostgres } from "../database/testing/postgres-database.ts";

/** A database of a test's own, empty: the SQLite file in its folder, or one on the tests' PostgreSQL server. */
export interface TestEngine {
  prepare(): Promise<EnginePlace>;
}

export interface EnginePlace {
  /** Settings that lead there. */
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

/** What holds on both databases (docs/architecture.md decision 5). */
export function describeEngines(tests: (engine: TestEngine) => void): void {
  describe("on SQLite", () => tests(sqliteEngine));
  describePostgres("on PostgreSQL", () => tests(postgresEngine));
}
