import pg from "pg";
import { clientConfig, type PoolLimits } from "../../database/postgres/pool.ts";
import { PoolSockets } from "../../database/postgres/pool-sockets.ts";

/** The queue's own connections: it takes none from uploads, and an upload none from it. */
const connections = 2;
/** pg-boss's maintenance may take longer than a statement of a request. */
const statementMs = 60_000;
/** How long letting go may take: a server that hangs answers nobody. */
const endMs = 3000;

export interface BossPool {
  readonly pool: pg.Pool;
  readonly sockets: Pick<PoolSockets, "whileWanted">;
  /** Runs what is to be done before with the connections, then ends them, or cuts them off when that takes too long. */
  end(before: () => Promise<void>): Promise<void>;
}

export function openBossPool(url: string, limits: PoolLimits): BossPool {
  const sockets = new PoolSockets();
  const pool = new pg.Pool({
    ...clientConfig(url, limits),
    statement_timeout: statementMs,
    query_timeout: statementMs,
    max: connections,
    stream: sockets.create,
  });
  // What breaks is told to whoever uses it next; an event that nobody hears would end the process.
  pool.on("error", () => undefined);
  return {
    pool,
    sockets,
    end: (before) => sockets.endWithin(endMs, () => before().finally(() => pool.end())),
  };
}
