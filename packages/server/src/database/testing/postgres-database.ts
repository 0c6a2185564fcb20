import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { describe } from "vitest";
import { createDatabase, dropDatabase, ensureTemplate } from "../../../../../scripts/services/databases.ts";
import { defaultLimits } from "../../config/limits.ts";
import { migratePostgres } from "../postgres/postgres-database.ts";

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
export function createTestDatabase(): Promise<TestDatabase> {
  return create();
}

/**
 * Creates a database of its own that has the tables of this version. Copying them takes a third of the processor time of
 * making them.
 */
export async function createMigratedDatabase(): Promise<TestDatabase> {
  migrated ??= makeTemplate();
  return create(await migrated);
}

async function create(template?: string): Promise<TestDatabase> {
  const name = `sluice_test_${randomBytes(8).toString("hex")}`;
  const url = new URL(server ?? "");
  const administrator = url.href;
  await createDatabase(administrator, name, template);
  url.pathname = name;
  return { url: url.href, drop: () => dropDatabase(administrator, name) };
}

/** The name of the template, which all processes of a run share. */
let migrated: Promise<string> | undefined;

/** Makes the template. Its name tells by which migrations, since a server that is not the tests' own keeps it. */
async function makeTemplate(): Promise<string> {
  const folder = new URL("../migrations/", import.meta.url);
  const hash = createHash("sha256");
  for (const path of (await readdir(folder, { recursive: true })).toSorted()) {
    if (path.endsWith(".ts")) hash.update(await readFile(new URL(path, folder)));
  }
  const name = `sluice_template_${hash.digest("hex").slice(0, 16)}`;
  await ensureTemplate(server ?? "", name, (url) => migratePostgres(url, poolLimits));
  return name;
}

export const poolLimits = { databaseConnections: 20, databaseMs: defaultLimits.databaseMs };
