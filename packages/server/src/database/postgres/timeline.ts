import pg from "pg";

/**
 * Which of the cluster's histories the server writes. A replica that takes over begins a new one, in which it gives the
 * numbers of transactions that had not reached it to others.
 * @returns undefined on a replica, and where the service has no timelines (Aurora)
 */
export async function timelineOf(client: pg.ClientBase): Promise<string | undefined> {
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
