import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import { sqlitePath } from "../../../app/open-database.ts";

export type Row = Readonly<Record<string, unknown>>;

/**
 * Runs statements on the database that a server with these settings has, without Sluice.
 * @returns the rows of the last one
 */
export async function ownStatements(
  { dataDir, databaseUrl }: { readonly dataDir: string; readonly databaseUrl?: string | undefined },
  ...statements: readonly string[]
): Promise<readonly Row[]> {
  if (databaseUrl === undefined) {
    const database = new DatabaseSync(sqlitePath(dataDir));
    try {
      return statements.map((text) => database.prepare(text).all()).at(-1) ?? [];
    } finally {
      database.close();
    }
  }
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    let rows: readonly Row[] = [];
    for (const text of statements) ({ rows } = await client.query(text));
    return rows;
  } finally {
    await client.end();
  }
}
