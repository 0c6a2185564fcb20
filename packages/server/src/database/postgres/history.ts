import pg from "pg";

/**
 * Returns the history of the cluster that the server goes on with. Within one history, no transaction number is given
 * twice. A replica that takes over begins a new history, in which it gives the numbers that had not reached it to other
 * transactions. A server that comes back from a crash also begins a new history: it gives again the numbers of
 * transactions of which nothing had reached the disk. That is when PostgreSQL begins to count its statistics anew.
 */
export async function historyOf(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<{ started: string; counted: string | null }>(
    `select extract(epoch from pg_postmaster_start_time())::text as started,
      (select extract(epoch from stats_reset)::text from pg_stat_bgwriter) as counted`,
  );
  const { started, counted } = rows[0] ?? {};
  return [(await timelineOf(client)) ?? started, counted ?? started].join(" ");
}

/** @returns undefined on a replica, and where the service has no timelines (Aurora) */
async function timelineOf(client: pg.ClientBase): Promise<string | undefined> {
  try {
    const { rows } = await client.query<{ timeline: string }>(
      "select left(pg_walfile_name(pg_current_wal_lsn()), 8) as timeline",
    );
    return rows[0]?.timeline;
  } catch (error) {
    if (error instanceof pg.DatabaseError) return undefined;
    throw error;
  }
}
