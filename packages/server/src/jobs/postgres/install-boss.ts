import pg from "pg";
import { type PoolLimits, patientConfig } from "../../database/postgres/pool.ts";
import { PoolSockets } from "../../database/postgres/pool-sockets.ts";
import type { JobTable } from "../job-rules.ts";
import { installQueues, newBoss } from "./boss.ts";

/**
 * The key of the lock, a number that nothing else uses. Of several nodes that start at once, one installs and the
 * others wait.
 */
const lock = 5_103_824_775;

/**
 * Brings pg-boss's tables and the queues of the job table up to this version.
 * @param signal ends the wait for a database that hangs, or for another node
 */
export async function installBoss(
  url: string,
  limits: PoolLimits,
  table: JobTable,
  signal?: AbortSignal,
): Promise<void> {
  const sockets = new PoolSockets();
  const client = new pg.Client({ ...patientConfig(url, limits), stream: sockets.create });
  client.on("error", () => undefined);
  await sockets.whileWanted(signal, async () => {
    await client.connect();
    try {
      await client.query("select pg_advisory_lock($1)", [lock]);
      await install(client, table);
    } finally {
      // The lock ends with the session.
      await client.end();
    }
  });
}

async function install(client: pg.Client, table: JobTable): Promise<void> {
  const boss = newBoss(client, { supervise: false });
  try {
    await boss.start();
    await installQueues(boss, table);
  } finally {
    await boss.stop({ graceful: false });
  }
}
