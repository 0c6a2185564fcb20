import pg from "pg";
import { closeMs } from "../../concurrency/ended-within.ts";
import { clientConfig, type PoolLimits } from "../../database/postgres/pool.ts";
import { PoolSockets } from "../../database/postgres/pool-sockets.ts";

/**
 * The number of connections that the queue has of its own, so that it takes none from uploads and uploads take none
 * from it.
 */
const connections = 2;
/** pg-boss's maintenance may take longer than a statement of a request. */
const statementMs = 60_000;

export interface BossPool {
  readonly pool: pg.Pool;
  readonly sockets: Pick<PoolSockets, "whileWanted">;
  /** Runs `before` with the connections, then ends them. Cuts them off when this takes too long. */
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
  // The next user of a broken connection gets the error. An error event without a listener would end the process.
  pool.on("error", () => undefined);
  return {
    pool,
    sockets,
    end: (before) => sockets.endWithin(closeMs, () => before().finally(() => pool.end())),
  };
}
