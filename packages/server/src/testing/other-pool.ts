import pg from "pg";

/**
 * Opens a pool for a test's own look at its database. It ignores errors: a pool that has ended may still have
 * connections when the database is dropped, which cuts them off.
 */
export function openOtherPool(url: string, max = 10): pg.Pool {
  const ignore = (): void => undefined;
  const pool = new pg.Pool({ connectionString: url, max });
  pool.on("error", ignore);
  pool.on("connect", (client) => client.on("error", ignore));
  return pool;
}
