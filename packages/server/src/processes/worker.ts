import type { Logger } from "pino";
import type { Config } from "../config/config.ts";
import { openRemoteDatabase, type RemoteWriter } from "../database/sqlite/remote-database.ts";
import { openJobSender } from "../jobs/open-job-sender.ts";
import { wakeAfterCommits } from "../jobs/wake-after-commits.ts";
import { type DatabaseLocation, openDatabase, sqlitePath } from "../open-database.ts";
import { openParts } from "../parts.ts";
import { openServer } from "../server.ts";
import type { transactions } from "../transactions.ts";
import type { ListeningAt, SupervisorCalls, WorkerCalls } from "./calls.ts";
import type { Peer } from "./peer.ts";

export interface WorkerServer extends Pick<WorkerCalls, "metrics" | "drain"> {
  readonly at: ListeningAt;
}

/** Listens and answers requests in this process, one of several under a supervisor, which has made the data ready. */
export async function startWorker(
  config: Config,
  name: string,
  logger: Logger,
  supervisor: Peer<SupervisorCalls>,
): Promise<WorkerServer> {
  const parts = await openParts(config, {
    process: name,
    open: (location) => openShared(location, supervisor),
    logger,
  });
  const sender = await openJobSender({ ...parts, config, logger });
  const { registry } = parts.metrics;
  const ofAll = {
    contentType: registry.contentType,
    getMetricsAsJSON: () => registry.getMetricsAsJSON(),
    metrics: () => supervisor.call("metrics", undefined),
  };
  const database = wakeAfterCommits(parts.database, (job) => {
    // On SQLite the supervisor sees by itself what it commits.
    if (config.databaseUrl !== undefined) void supervisor.call("wake", job).catch(() => undefined);
  });
  const metrics = { ...parts.metrics, registry: ofAll };
  const server = await openServer({ ...parts, database, metrics }, config, logger);
  await server.listen();
  return {
    at: { url: server.url, port: server.port },
    metrics: () => registry.getMetricsAsJSON(),
    async drain() {
      try {
        await server.drain();
      } finally {
        await server.close();
        await sender.close();
        await parts.close();
      }
    },
  };
}

/** SQLite is written by the supervisor alone (design decision 6); PostgreSQL is everybody's. */
function openShared(location: DatabaseLocation, supervisor: Peer<SupervisorCalls>): ReturnType<typeof openDatabase> {
  if (location.databaseUrl !== undefined) return openDatabase(location);
  const writer: RemoteWriter = {
    run: (tasks) => supervisor.call("run", tasks),
    check: () => supervisor.call("check", undefined),
  };
  return openRemoteDatabase<typeof transactions>(sqlitePath(location.dataDir), writer);
}
