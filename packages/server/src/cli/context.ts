import type { Command } from "commander";
import type { DestinationStream } from "pino";
import { configure, readAllSettings } from "../app/configuration/configure.ts";
import { makePrivateFolder } from "../app/data-folder.ts";
import type { Parts } from "../app/parts.ts";
import type { Config } from "../config/config.ts";
import type { JobQueue } from "../jobs/job-queue.ts";
import { createLogger } from "../observability/logger.ts";
import type { NewEnvironment } from "./environment.ts";
import { rawSettings } from "./options.ts";
import type { Terminal } from "./terminal.ts";

/** The parts that a command is given. Nothing below the command reads the environment or knows the process. */
export interface CommandContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  /** The destination of the log. */
  readonly logDestination: DestinationStream;
  readonly setExitCode: (code: number) => void;
  /** Aborted when the process is told to end, with a ShutdownRequest. */
  readonly shutdown: AbortSignal;
  /**
   * Calls the listener when the process is told to restart its workers, and at once if it was told so before. The last
   * listener counts. It may read what `.env` holds by then.
   */
  readonly onRestart?: (listener: (readEnvironment: () => NewEnvironment) => void) => void;
}

/** Runs a command that goes on until it is told to end. When it is told so during its start, that is no failure. */
export async function untilShutdown({ shutdown }: CommandContext, run: Promise<void>): Promise<void> {
  await run.catch((error: unknown) => {
    if (!shutdown.aborted || error !== shutdown.reason) throw error;
  });
}

export function configOf(command: Command, context: CommandContext): Config {
  return configure(readAllSettings(rawSettings(command, context.environment)));
}

/** The time limit of a statement when no client waits for its answer: `fsck` reads whole tables. */
const statementMs = 30 * 60_000;

/**
 * Opens the data that a server works on, or has worked on, for a command beside it.
 * @throws ConfigError when there is none
 */
export async function withParts<Result>(config: Config, use: (parts: Parts) => Promise<Result>): Promise<Result> {
  // Only now, so that a wrong setting is said at once.
  const { assertDatabaseExists } = await import("../app/open-database.ts");
  await assertDatabaseExists(config);
  const { openParts } = await import("../app/parts.ts");
  const { assertFeaturesKnown } = await import("../app/register-node.ts");
  const parts = await openParts(
    { ...config, limits: { ...config.limits, databaseMs: statementMs } },
    { prepareFolder: makeQuietly },
  );
  try {
    await assertFeaturesKnown(parts, config);
    return await use(parts);
  } finally {
    await parts.close();
  }
}

/** Makes the folder without the warnings of a server's start: commands don't repeat them. */
export async function makeQuietly(folder: string): Promise<void> {
  await makePrivateFolder(folder, () => undefined);
}

/** Opens the job queue without running jobs: transactions may put jobs into it. */
export async function withQueue<Result>(
  config: Config,
  parts: Parts,
  use: (queue: JobQueue) => Promise<Result>,
): Promise<Result> {
  const { openJobs } = await import("../app/open-jobs.ts");
  const jobs = await openJobs({ ...parts, config, logger: createLogger("silent"), now: Date.now });
  try {
    return await use(jobs.queue);
  } finally {
    await jobs.close();
  }
}
