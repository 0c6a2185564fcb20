import type { Logger } from "pino";
import { noOpenAccounts } from "../accounts/open-accounts.ts";
import { type AppliedConfiguration, applyConfiguration } from "../app/configuration/apply-configuration.ts";
import { consoleLink } from "../app/console-link.ts";
import { DataFolder } from "../app/data-folder.ts";
import { drainDelay } from "../app/drain-delay.ts";
import { type Jobs, openJobs } from "../app/open-jobs.ts";
import { openParts, type Parts } from "../app/parts.ts";
import { type RegisteredNode, registerNode } from "../app/register-node.ts";
import { findSecretsKeys, type ServerSecretsKeys } from "../app/secrets-keys/server-secrets-keys.ts";
import type { Sluice } from "../app/sluice.ts";
import * as transactions from "../app/transactions.ts";
import type { Config } from "../config/config.ts";
import { limitTable } from "../config/limits.ts";
import type { LogLevel } from "../config/settings.ts";
import { countCommits } from "../database/count-commits.ts";
import { DatabaseError } from "../database/database.ts";
import { runForOthers } from "../database/sqlite/remote-database.ts";
import { MetricsListener } from "../http/metrics-listener.ts";
import { MetricSums } from "../observability/metric-sums.ts";
import { newestFirst } from "../refusals/recent-refusals.ts";
import { newSecret } from "../text/secrets.ts";
import { demoLink } from "../web/demo/demo-secret.ts";
import type { OwnCalls } from "./calls.ts";
import { Workers } from "./workers.ts";

export interface SupervisorOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly logLevel: LogLevel;
  /** Ends the start while it waits for a database or a store. */
  readonly signal: AbortSignal;
}

const name = "supervisor";

/**
 * A server of several processes that has not started. `listen()` first makes the workers listen. Then this process
 * prepares the data and makes the workers open it. It owns SQLite's writing connection, runs the jobs and keeps the
 * workers, which answer the requests, running.
 */
export function createSupervisor({ config, logger, logLevel, signal }: SupervisorOptions): Sluice {
  const sums = new MetricSums();
  let data: OpenData | undefined;
  const opened = (): OpenData => {
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
  const metrics = new MetricsListener(config, logger);
  let url = config.publicUrl ?? "";
  let address = "";
  let applied: AppliedConfiguration | undefined;
  let starting: Promise<void> | undefined;
  let serving = false;
  let closing = false;
  let failed = false;
  const folder = new DataFolder(logger);
  /** All workers encrypt with the keys of this process, also those that start later. */
  const keyed = (given: Config): Config => ({ ...given, secretsKeys: opened().secretsKeys.keys });

  async function start(): Promise<void> {
    ({ url, address } = await workers.listen());
    await metrics.listen();
    signal.throwIfAborted();
    data = await openData({ config, logger, signal }, folder);
    await workers.open(keyed(config));
    if (closing) return;
    await data.jobs.start();
    signal.throwIfAborted();
    applied = await applyConfiguration(data.parts.database, config, logger);
    await workers.serve();
    const { contentType } = data.parts.metrics.registry;
    metrics.serve({ contentType, metrics: () => calls.metrics(undefined) });
    serving = true;
  }

  return {
    config,
    get url() {
      return url;
    },
    get address() {
      return address;
    },
    get demoLink() {
      return demoLink(url, demoSecret);
    },
    get metricsUrl() {
      return metrics.url;
    },
    get keys() {
      if (applied === undefined) throw new Error("the keys are not known before the server listens");
      return applied.keys;
    },
    get keysAreNew() {
      return applied?.keysAreNew ?? false;
    },
    get newWebhookSecret() {
      return applied?.newWebhookSecret;
    },
    get openAccounts() {
      return applied?.openAccounts ?? noOpenAccounts;
    },
    get secretsKeys() {
      return data?.secretsKeys.facts;
    },
    get formerAccounts() {
      return applied?.formerAccounts ?? [];
    },
    get failed() {
      return data?.node.failed ?? new AbortController().signal;
    },
    consoleLink() {
      return consoleLink(data?.parts.database, config, url);
    },
    listen() {
      starting ??= start().catch((error: unknown) => {
        failed = true;
        throw error;
      });
      return starting;
    },
    async restartWorkers(next) {
      if (!serving || closing) throw new Error("the server does not serve");
      await workers.restart({ ...next, config: keyed(next.config), demoSecret });
    },
    async leave() {
      if (data === undefined || !serving) return;
      await workers.leave();
      await drainDelay(config.drainDelayMs, data.node.failed);
    },
    async close() {
      closing = true;
      await starting?.catch(() => undefined);
      try {
        await Promise.all([workers.close(), data?.jobs.stop(config.limits.shutdownMs)]);
      } finally {
        await Promise.all([data?.jobs.close(), data?.node.close()]);
        await data?.parts.close();
        await metrics.close();
      }
      if (failed) await folder.takeBack();
    },
  };
}

interface OpenData {
  readonly parts: Parts;
  /** The supervisor is the node, whatever workers it has. */
  readonly node: RegisteredNode;
  readonly secretsKeys: ServerSecretsKeys;
  readonly jobs: Jobs;
}

async function openData(
  { config, logger, signal }: Omit<SupervisorOptions, "logLevel">,
  folder: DataFolder,
): Promise<OpenData> {
  const parts = await openParts(ownShare(config), {
    prepareFolder: (path) => folder.prepare(path),
    process: name,
    keepsReady: true,
    logger,
    signal,
    late: true,
  });
  let node: RegisteredNode | undefined;
  try {
    node = await registerNode(parts, config);
    const secretsKeys = await findSecretsKeys(config, parts.database.reader, logger);
    const database = countCommits(parts.database, parts.metrics);
    const jobs = await openJobs({ ...parts, database, config, logger, now: Date.now }, signal);
    // Jobs store uploads as well.
    parts.usageCounts.start();
    await parts.leaseOwner.endLeasesOfTheDead();
    return { parts, node, secretsKeys, jobs };
  } catch (error) {
    await node?.close();
    await parts.close();
    throw error;
  }
}

/** The workers divide the connections to PostgreSQL among themselves. This process needs few. */
function ownShare(config: Config): Config {
  return { ...config, limits: { ...config.limits, databaseConnections: limitTable.databaseConnections.min } };
}
