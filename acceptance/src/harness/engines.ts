import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { administer, dropDatabase, ensureDatabase } from "../../../scripts/services/databases.ts";

/** Whether servers run on PostgreSQL and S3 instead of SQLite and a folder, as the second project of the same tests. */
export const onCluster = process.env.SLUICE_TEST_PAIR === "cluster";

/**
 * The settings that lead a server or a command to the data folder's engines. On the cluster each folder has its own
 * database and its own place in the bucket, both named after it, so that a restart on the same folder keeps its data.
 */
export function engineSettings(dataDir: string): Record<string, string> {
  if (!onCluster) return {};
  return { SLUICE_DATABASE_URL: databaseUrl(dataDir), SLUICE_STORAGE_URL: storageUrl(dataDir) };
}

/** The engine settings for the data folder that a command line names. */
export function engineSettingsFor(args: readonly string[]): Record<string, string> {
  const dataDir = args[args.indexOf("--data-dir") + 1];
  return args.includes("--data-dir") && dataDir !== undefined ? engineSettings(dataDir) : {};
}

/** Creates the database, which a server expects to exist. */
export async function prepareEngines(dataDir: string): Promise<void> {
  if (onCluster) await ensureDatabase(server(), nameOf(dataDir));
}

/** Drops the database. The objects in the bucket go when the service goes. */
export async function dropEngines(dataDir: string): Promise<void> {
  if (onCluster) await dropDatabase(server(), nameOf(dataDir));
}

/** Changes the database behind the server's back, as an operator might. `?` in the statement stands for the value. */
export async function changeDatabase(dataDir: string, statement: string, value: string): Promise<void> {
  if (onCluster) return administer(databaseUrl(dataDir), statement.replace("?", "$1"), [value]);
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(join(dataDir, "sluice.sqlite"), { timeout: 5000 });
  try {
    database.prepare(statement).run(value);
  } finally {
    database.close();
  }
}

export function storageUrl(dataDir: string): string {
  const [place, parameters] = needed("SLUICE_TEST_S3_URL").split("?");
  return `${place}/test/${nameOf(dataDir)}?${parameters}`;
}

function databaseUrl(dataDir: string): string {
  const url = new URL(server());
  url.pathname = nameOf(dataDir);
  return url.href;
}

function nameOf(dataDir: string): string {
  return `sluice_${createHash("sha256").update(resolve(dataDir)).digest("hex").slice(0, 20)}`;
}

function server(): string {
  return needed("DATABASE_URL");
}

function needed(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`${variable} names no service; npm test starts one`);
  return value;
}
