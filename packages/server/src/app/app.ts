import type { Logger } from "pino";
import { ConfigError } from "../config/config-error.ts";
import type { Settings } from "../config/settings.ts";
import { createLogger } from "../observability/logger.ts";
import { configure } from "./configuration/configure.ts";
import { createSingleProcess } from "./single-process.ts";
import type { Sluice } from "./sluice.ts";

export interface SluiceOptions extends Settings {
  /** The logger. Without one, nothing is logged unless `logLevel` says so. */
  readonly logger?: Logger;
  /** Ends the start while it waits for a database or a store. The start then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * A server in this process, not listening yet. A test suite that uploads can start one of its own:
 * `const sluice = await createSluice({ port: 0, dataDir }); await sluice.listen();`
 *
 * The data is open when it resolves: the folder and the tables are made or migrated. The account and its first key pair
 * are made where they are missing. `listen()` puts the key pair and the webhook of the configuration in force.
 * @throws ConfigError when the settings can't be used; nothing has been made then
 */
export async function createSluice({ logger, signal, ...settings }: SluiceOptions = {}): Promise<Sluice> {
  const config = configure(settings);
  if (config.workers !== 1) throw new ConfigError("--workers must be 1 in a server that is part of another program");
  const log = logger ?? createLogger(settings.logLevel ?? "silent");
  const sluice = createSingleProcess({ config, logger: log, signal });
  try {
    await sluice.open();
    return sluice;
  } catch (error) {
    await sluice.close();
    throw error;
  }
}
