import type { DataFolder } from "../app/data-folder.ts";
import { openJobs } from "../app/open-jobs.ts";
import { createOwningServer, type OwnedData, type OwnerOptions, openOwned } from "../app/owning-server.ts";
import type { Sluice } from "../app/sluice.ts";
import * as transactions from "../app/transactions.ts";
import type { Config } from "../config/config.ts";
import { limitTable } from "../config/limits.ts";
import type { LogLevel } from "../config/settings.ts";
import { countCommits } from "../database/count-commits.ts";
import { DatabaseError } from "../database/database.ts";
import { runForOthers } from "../database/sqlite/remote-database.ts";
import { MetricSums } from "../observability/metric-sums.ts";
import { newestFirst } from "../refusals/recent-refusals.ts";
import { newSecret } from "../text/secrets.ts";
import type { OwnCalls } from "./calls.ts";
import { Workers } from "./workers.ts";

export interface SupervisorOptions extends OwnerOptions {
  readonly logLevel: LogLevel;
}

const name = "supervisor";

/**
 * A server of several processes that has not started. `listen()` first makes the workers listen. Then this process
 * prepares the data and makes the workers open it. It owns SQLite's writing connection, runs the jobs and keeps the
 * workers, which answer the requests, running.
 */
export function createSupervisor({ config, logger, logLevel, signal }: SupervisorOptions): Sluice {
  const sums = new MetricSums();
  let data: OwnedData | undefined;
  const opened = (): OwnedData => {
    if (data === undefined) throw new DatabaseError("The data is not open yet.");
    return data;
  };
  const calls: OwnCalls = {
    run: async (tasks) => runForOthers(opened().parts.database, transactions, tasks),
    check: async () => opened().parts.database.check(),
    wake: async (job) => data?.jobs.queue.wake(job),
    async metrics() {
      const own = async (): Promise<void> => {
        sums.measured(name, await opened().parts.metrics.registry.getMetricsAsJSON());
      };
      const ofWorkers = workers.running.map(async (worker) => {
        // A worker that doesn't answer counts with its last measurement.
        const measured = await worker.metrics().catch(() => undefined);
        if (measured !== undefined) sums.measured(worker.name, measured);
      });
      await Promise.all([own(), ...ofWorkers]);
      return sums.text();
    },
    async refusals(accountId) {
      const asked = workers.running.map((worker) => worker.refusals(accountId).catch(() => undefined));
      const answers = await Promise.all(asked);
      const told = answers.filter((answer) => answer !== undefined);
      const counts = { processes: told.length, silent: answers.length - told.length };
      return { refusals: newestFirst(told), node: opened().parts.refusals.node, ...counts };
    },
  };
  const demoSecret = newSecret();
  const workers = new Workers({
    settings: { config, logLevel, demoSecret },
    logger,
    calls,
    media: () => opened().parts.processes,
    measured: (worker, metrics) => sums.measured(worker, metrics),
    ended: (worker) => sums.end(worker),
  });
  let { publicUrl: url = "" } = config;
  let address = "";
  /** All workers encrypt with the keys of this process, also those that start later. */
  const keyed = (given: Config): Config => ({ ...given, secretsKeys: opened().secretsKeys.keys });
  let serving = false;
  let closing = false;

  const server = createOwningServer<OwnedData>(
    { config, logger, signal },
    {
      demoSecret,
      place: () => ({ url, address }),
      async listen() {
        ({ url, address } = await workers.listen());
      },
      async open(folder) {
        data = await openData({ config, logger, signal }, folder);
        return data;
      },
      share: () => workers.open(keyed(config)),
      async serve({ parts }) {
        await workers.serve();
        serving = true;
        const { contentType } = parts.metrics.registry;
        return { contentType, metrics: () => calls.metrics(undefined) };
      },
      leave: () => workers.leave(),
      drain() {
        closing = true;
        return workers.close();
      },
    },
  );
  return Object.assign(server, {
    async restartWorkers(next: { readonly config: Config; readonly logLevel: LogLevel }) {
      if (!serving || closing) throw new Error("the server does not serve");
      await workers.restart({ ...next, config: keyed(next.config), demoSecret });
    },
  });
}

function openData({ config, ...options }: OwnerOptions, folder: DataFolder): Promise<OwnedData> {
  const own = { process: name, keepsReady: true };
  return openOwned({ ...options, config: ownShare(config) }, folder, own, async ({ parts }) => {
    const database = countCommits(parts.database, parts.metrics);
    const { logger, signal } = options;
    const jobs = await openJobs({ ...parts, database, config, logger, now: Date.now }, signal);
    // Jobs store uploads as well.
    parts.usageCounts.start();
    await parts.leaseOwner.endLeasesOfTheDead();
    return { jobs };
  });
}

/** The workers divide the connections to PostgreSQL among themselves. This process needs few. */
function ownShare(config: Config): Config {
  return { ...config, limits: { ...config.limits, databaseConnections: limitTable.databaseConnections.min } };
}
