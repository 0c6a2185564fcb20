import { constants } from "node:fs";
import { access } from "node:fs/promises";
import type { Logger } from "pino";
import { type PreparedKeys, prepareKeys } from "./accounts/prepare-keys.ts";
import type { Config } from "./config/config.ts";
import { ConfigError } from "./config/config-error.ts";
import { resolveConfig } from "./config/resolve-config.ts";
import type { Settings } from "./config/settings.ts";
import { type PreparedWebhook, prepareWebhook } from "./events/prepare-webhook.ts";
import { type Jobs, openJobs } from "./jobs/open-jobs.ts";
import { wakeAfterCommits } from "./jobs/wake-after-commits.ts";
import { createLogger } from "./observability/logger.ts";
import { openParts } from "./parts.ts";
import { openServer } from "./server.ts";
import { makeDurableFolder } from "./storage/durable-folder.ts";

export interface SluiceOptions extends Settings {
  /** Where to log. Without one, nothing is logged unless `logLevel` says so. */
  readonly logger?: Logger;
  /** Gives up the start while it waits for a database or a store; rejects with the signal's reason then. */
  readonly signal?: AbortSignal;
}

export interface Sluice extends PreparedKeys, PreparedWebhook {
  /** Where it listens, as clients reach it, without a trailing slash. */
  readonly url: string;
  readonly config: Config;
  /** Aborted when this process can't do its work any more, for a reason that only a new one is free of. */
  readonly failed: AbortSignal;
  /** Rejects when the address can't be listened on; `close()` is due all the same. */
  listen(): Promise<void>;
  /** Takes nothing new, lets what is in flight finish within a limit, then lets go of everything. */
  close(): Promise<void>;
}

/**
 * A server in this process, not listening yet. A test suite that uploads can start one of its own:
 * `const sluice = await createSluice({ port: 0, dataDir }); await sluice.listen();`
 * @throws ConfigError when the settings can't be used; nothing has been made then
 */
export async function createSluice({ logger, signal, ...settings }: SluiceOptions = {}): Promise<Sluice> {
  const config = resolveConfig(settings);
  if (config.workers !== 1) throw new ConfigError("--workers must be 1 in a server that is part of another program");
  const log = logger ?? createLogger(settings.logLevel ?? "silent");
  const parts = await openParts(config, { prepareFolder: makeWritableFolder, logger: log, signal });
  try {
    const prepared = {
      ...(await prepareKeys(parts.database, config)),
      ...(await prepareWebhook(parts.database, config)),
    };
    const queue: { jobs?: Jobs } = {};
    const database = wakeAfterCommits(parts.database, (name) => queue.jobs?.queue.wake(name));
    const server = await openServer({ ...parts, database }, config, log);
    const jobs = await openJobs(server.services, signal);
    queue.jobs = jobs;
    return {
      config,
      ...prepared,
      failed: parts.database.failed ?? new AbortController().signal,
      get url() {
        return server.url;
      },
      async listen() {
        await server.listen();
        if (!server.services.lifecycle.draining) await jobs.start();
      },
      async close() {
        try {
          await Promise.all([server.drain(), jobs.stop(config.limits.shutdownMs)]);
        } finally {
          await server.close();
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

/** Makes the data folder when it isn't there. */
export async function makeWritableFolder(path: string): Promise<void> {
  await makeDurableFolder(path);
  // SQLite would open a read-only database all the same, and still refuse to write when it is writable again.
  await access(path, constants.W_OK | constants.X_OK);
}
