import { randomBytes } from "node:crypto";
import { describe } from "vitest";
import { createDatabase, dropDatabase } from "../../../../../scripts/services/databases.ts";
import { defaultLimits } from "../../config/limits.ts";

const server = process.env.DATABASE_URL;
if (!server && process.env.CI === "true") throw new Error("DATABASE_URL must name a PostgreSQL server");

/** A block of tests that need PostgreSQL. `npm test` starts one. */
export function describePostgres(name: string, tests: () => void): void {
  if (server) describe(name, tests);
  else describe.skip(`${name} (skipped: DATABASE_URL is not set)`, tests);
}

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** Creates an empty database of its own on the tests' server. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `sluice_test_${randomBytes(8).toString("hex")}`;
  const url = new URL(server ?? "");
  const administrator = url.href;
  await createDatabase(administrator, name);
  url.pathname = name;
  return { url: url.href, drop: () => dropDatabase(administrator, name) };
}

export const poolLimits = { databaseConnections: 20, databaseMs: defaultLimits.databaseMs };
