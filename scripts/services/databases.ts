import pg from "pg";

const duplicateDatabase = "42P04";

/** Creates an empty database on the server that the URL names, unless the database exists already. */
export async function ensureDatabase(server: string, name: string): Promise<void> {
  await createDatabase(server, name).catch((error: unknown) => {
    if (!(error instanceof pg.DatabaseError) || error.code !== duplicateDatabase) throw error;
  });
}

/**
 * Creates a database, which is empty unless another one is named as its template. The template's files are copied, which
 * takes a quarter of the time that writing their pages to the log takes.
 */
export async function createDatabase(server: string, name: string, template = "template1"): Promise<void> {
  const pool = poolOf(server);
  const { rows } = await pool.query("select current_setting('server_version_num')::int as version");
  // Before version 15 the server knew no other way, and no name for it.
  const strategy = rows[0].version < 15_00_00 ? "" : " strategy file_copy";
  await pool.query(`create database ${pg.escapeIdentifier(name)} template ${pg.escapeIdentifier(template)}${strategy}`);
}

/**
 * Makes a template of that name, unless it exists already. Whatever calls at the same time waits for the one that fills
 * it.
 */
export async function ensureTemplate(
  server: string,
  name: string,
  fill: (url: string) => Promise<unknown>,
): Promise<void> {
  await connected(server, async (client) => {
    await client.query("select pg_advisory_lock(hashtextextended($1, 0))", [name]);
    const { rowCount } = await client.query("select from pg_database where datname = $1", [name]);
    if (rowCount !== 0) return;
    const unfinished = `${name}_unfinished`;
    await dropDatabase(server, unfinished);
    await createDatabase(server, unfinished);
    await fill(Object.assign(new URL(server), { pathname: unfinished }).href);
    // A template that has connections can't be copied.
    await client.query(
      `alter database ${pg.escapeIdentifier(unfinished)} with is_template true allow_connections false`,
    );
    await client.query(`alter database ${pg.escapeIdentifier(unfinished)} rename to ${pg.escapeIdentifier(name)}`);
  });
}

/** Drops a database. Connections that are still open are cut off. */
export async function dropDatabase(server: string, name: string): Promise<void> {
  await poolOf(server).query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
}

/** Runs one statement on a new connection. */
export async function administer(url: string, text: string, values: readonly unknown[] = []): Promise<void> {
  await connected(url, (client) => client.query(text, [...values]));
}

/** The connections for creating and dropping databases, by the server's URL. */
const pools = new Map<string, pg.Pool>();

/** Keeps the connections to a server for a while. Hundreds of tests would open two each. */
function poolOf(server: string): pg.Pool {
  let pool = pools.get(server);
  if (pool === undefined) {
    pool = new pg.Pool({ connectionString: server, max: 3, allowExitOnIdle: true });
    // A server that ends takes connections along that nobody uses.
    pool.on("error", () => undefined);
    pools.set(server, pool);
  }
  return pool;
}

async function connected(url: string, use: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}
