import { once } from "node:events";
import type { Command } from "commander";
import { configure, readAllSettings } from "../app/configuration/configure.ts";
import { makePrivateFolder } from "../app/data-folder.ts";
import { openJobs } from "../app/open-jobs.ts";
import { openParts } from "../app/parts.ts";
import { ConfigError } from "../config/config-error.ts";
import { createLogger } from "../observability/logger.ts";
import { type CommandContext, untilShutdown } from "./context.ts";
import { addSettingOptions, dataSettings, rawSettings } from "./options.ts";

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
    "allowPrivateNetworks",
    "autoTagging",
    "clamd",
    "limits",
    "logLevel",
  ]).action(() => untilShutdown(context, work(command, context)));
}

/** Runs jobs until the process is told to end. The jobs that run then get the same time as a server's requests. */
async function work(command: Command, { environment, logDestination, terminal, shutdown }: CommandContext) {
  const values = readAllSettings(rawSettings(command, environment));
  const config = configure(values);
  if (config.databaseUrl === undefined) {
    // On SQLite one process writes (docs/architecture.md decision 6). That is the server, which runs the jobs itself.
    throw new ConfigError("sluice worker needs PostgreSQL, with --database-url; on SQLite the server runs the jobs");
  }
  const logger = createLogger(values.logLevel ?? "info", logDestination);
  const prepareFolder = (path: string) => makePrivateFolder(path, (warning) => logger.warn(warning));
  const parts = await openParts(config, { prepareFolder, logger, signal: shutdown });
  try {
    const jobs = await openJobs({ ...parts, config, logger, now: Date.now }, shutdown);
    try {
      await parts.usageCounts.start();
      await jobs.start();
      terminal.print("Sluice is running jobs.");
      if (!shutdown.aborted) await once(shutdown, "abort");
      logger.info("shutting down: finishing the running jobs");
      await jobs.stop(config.limits.shutdownMs);
    } finally {
      await jobs.close();
    }
  } finally {
    await parts.close();
  }
}
