import type { Logger } from "pino";
import { prepareKeys } from "../accounts/prepare-keys.ts";
import { makeWritableFolder, type Sluice } from "../app.ts";
import type { Config } from "../config/config.ts";
import { limitTable } from "../config/limits.ts";
import type { LogLevel } from "../config/settings.ts";
import { countCommits } from "../database/count-commits.ts";
import { runForOthers } from "../database/sqlite/remote-database.ts";
import { prepareWebhook } from "../events/prepare-webhook.ts";
import { type Jobs, openJobs } from "../jobs/open-jobs.ts";
import { wakeAfterCommits } from "../jobs/wake-after-commits.ts";
import { MetricSums } from "../observability/metric-sums.ts";
import { openParts } from "../parts.ts";
import { Workers } from "./workers.ts";

export interface SupervisorOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly logLevel: LogLevel;
  /** Gives up the start while it waits for a database or a store. */
  readonly signal: AbortSignal;
}

const name = "supervisor";

/**
 * A server of several processes. This one makes the data ready, owns SQLite's writing connection, runs the jobs and sees
 * that the others, which answer the requests, are there.
 */
export async function createSupervisor({ config, logger, logLevel, signal }: SupervisorOptions): Promise<Sluice> {
  const parts = await openParts(ownShare(config), {
    prepareFolder: makeWritableFolder,
    process: name,
    logger,
    signal,
  });
  const { metrics } = parts;
  const queue: { jobs?: Jobs } = {};
  const database = wakeAfterCommits(parts.database, (name) => queue.jobs?.queue.wake(name));
  const sums = new MetricSums();
  const workers = new Workers({
    config,
    logger,
    logLevel,
    ended: (worker) => sums.end(worker),
    calls: {
      run: (tasks) => runForOthers(database, tasks),
      check: () => database.check(),
      wake: async (job) => queue.jobs?.queue.wake(job),
      async metrics() {
        await Promise.all(
          workers.running.map(async (worker) => {
            // One that doesn't answer counts with what it last measured.
            const measured = await worker.metrics().catch(() => undefined);
            if (measured !== undefined) sums.measured(worker.name, measured);
          }),
        );
        sums.measured(name, await metrics.registry.getMetricsAsJSON());
        return sums.text();
      },
    },
  });
  try {
    const prepared = { ...(await prepareKeys(database, config)), ...(await prepareWebhook(database, config)) };
    const jobs = await openJobs(
      { ...parts, database: countCommits(database, metrics), config, logger, now: Date.now },
      signal,
    );
    queue.jobs = jobs;
    let url = config.publicUrl ?? "";
    let closing = false;
    return {
      config,
      ...prepared,
      failed: database.failed ?? new AbortController().signal,
      get url() {
        return url;
      },
      async listen() {
        url = await workers.start();
        if (!closing) await jobs.start();
      },
      async close() {
        closing = true;
        try {
          await Promise.all([workers.close(), jobs.stop(config.limits.shutdownMs)]);
        } finally {
          await jobs.close();
          await parts.close();
        }
      },
    };
  } catch (error) {
    await parts.close();
    throw error;
  }
}

/** The workers divide the connections to PostgreSQL among themselves; this process needs few. */
function ownShare(config: Config): Config {
  return { ...config, limits: { ...config.limits, databaseConnections: limitTable.databaseConnections.least } };
}
