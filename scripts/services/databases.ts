import pg from "pg";

const duplicateDatabase = "42P04";

/** Creates an empty database on the server that the URL names, unless the database exists already. */
export async function ensureDatabase(server: string, name: string): Promise<void> {
  await administer(server, `create database ${pg.escapeIdentifier(name)}`).catch((error: unknown) => {
    if (!(error instanceof pg.DatabaseError) || error.code !== duplicateDatabase) throw error;
  });
}

/** Drops a database. Connections that are still open are cut off. */
export function dropDatabase(server: string, name: string): Promise<void> {
  return administer(server, `drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
}

/** Runs one statement on a new connection. */
export async function administer(url: string, text: string, values: readonly unknown[] = []): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text, [...values]);
  } finally {
    await client.end();
  }
}
