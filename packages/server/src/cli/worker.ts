import { once } from "node:events";
import type { Command } from "commander";
import type { Logger } from "pino";
import { configure, readAllSettings } from "../app/configuration/configure.ts";
import { makePrivateFolder } from "../app/data-folder.ts";
import { openJobs } from "../app/open-jobs.ts";
import { openParts } from "../app/parts.ts";
import { type RegisteredNode, registerNode } from "../app/register-node.ts";
import type { Config } from "../config/config.ts";
import { ConfigError } from "../config/config-error.ts";
import { countCommits } from "../database/count-commits.ts";
import { MetricsListener } from "../http/metrics-listener.ts";
import { createLogger } from "../observability/logger.ts";
import { type CommandContext, untilShutdown } from "./context.ts";
import { addSettingOptions, dataSettings, rawSettings } from "./options.ts";
import { nameSetting } from "./start-problem.ts";

export function addWorkerCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("worker")
    .description("run background jobs only, beside servers on the same PostgreSQL");
  addSettingOptions(command, [
    ...dataSettings,
    "plan",
    "maxFileSize",
    "maxVideoSize",
    "extensions",
    "extensionSecret",
    "aiEffects",
    "allowPrivateNetworks",
    "autoTagging",
    "ffmpeg",
    "clamd",
    "limits",
    "logLevel",
    "metricsPort",
    "metricsHost",
    "metricsToken",
  ]).action(() => untilShutdown(context, work(command, context)));
}

/** Runs jobs until the process is told to end. The jobs that run then get the same time as a server's requests. */
async function work(command: Command, context: CommandContext): Promise<void> {
  const { environment, logDestination } = context;
  const values = readAllSettings(rawSettings(command, environment));
  const config = configure(values);
  if (config.databaseUrl === undefined) {
    // On SQLite one process writes (docs/architecture.md decision 6). That is the server, which runs the jobs itself.
    throw new ConfigError("sluice worker needs PostgreSQL, with --database-url; on SQLite the server runs the jobs");
  }
  const logger = createLogger(values.logLevel ?? "info", logDestination);
  const metrics = new MetricsListener(config, logger);
  await metrics.listen().catch((error: unknown) => {
    throw nameSetting(error, config);
  });
  try {
    await runJobs(config, logger, metrics, context);
  } finally {
    await metrics.close();
  }
}

async function runJobs(
  config: Config,
  logger: Logger,
  metrics: MetricsListener,
  { terminal, shutdown }: CommandContext,
): Promise<void> {
  const prepareFolder = (path: string) => makePrivateFolder(path, (warning) => logger.warn(warning));
  const parts = await openParts(config, { prepareFolder, logger, signal: shutdown });
  let node: RegisteredNode | undefined;
  try {
    node = await registerNode(parts, config);
    const end = AbortSignal.any([shutdown, node.failed]);
    const database = countCommits(parts.database, parts.metrics);
    const jobs = await openJobs({ ...parts, database, config, logger, now: Date.now }, shutdown);
    try {
      parts.usageCounts.start();
      await parts.leaseOwner.endLeasesOfTheDead();
      await jobs.start();
      metrics.serve(parts.metrics.registry);
      terminal.print("Sluice is running jobs.");
      if (metrics.url !== undefined) terminal.print(`  metrics        ${metrics.url}`);
      if (!end.aborted) await once(end, "abort");
      logger.info("shutting down: finishing the running jobs");
      await jobs.stop(config.limits.shutdownMs);
      node.failed.throwIfAborted();
    } finally {
      await jobs.close();
    }
  } finally {
    await node?.close();
    await parts.close();
  }
}
