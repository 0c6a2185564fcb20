import type { Logger } from "pino";
import { configure } from "../app/configuration/configure.ts";
import type { Sluice } from "../app/sluice.ts";
import type { Config } from "../config/config.ts";
import { ConfigError } from "../config/config-error.ts";
import type { Settings } from "../config/settings.ts";
import { needsWholeRestart } from "./reloadable-settings.ts";

/** The settings of a restart. */
export interface SettingsNow {
  readonly settings: Settings;
  /** Makes the environment that they were read from that of the processes to come. @returns puts the former one back */
  readonly takeEnvironment: () => () => void;
}

/**
 * Restarts the workers of a running server with the settings as they are now. Whatever can't be done is an error in the
 * log: the server goes on as it was, and so does its environment.
 * @param readAgain reads the settings, as at the start
 * @returns the configuration of the new workers; undefined where the old ones stay
 */
export async function restartWorkers(
  sluice: Sluice,
  logger: Logger,
  started: Settings,
  readAgain: () => SettingsNow,
): Promise<Config | undefined> {
  try {
    if (sluice.restartWorkers === undefined) throw new ConfigError("the server has no workers, see --workers");
    const { settings: values, takeEnvironment } = readAgain();
    const flags = needsWholeRestart(started, values);
    if (flags.length > 0) throw new ConfigError(`${flags.join(", ")} changed, which takes a restart of the server`);
    const config = configure(values);
    const began = performance.now();
    logger.info("restarting the workers, one after the other");
    // New processes inherit the environment.
    const putBack = takeEnvironment();
    await sluice.restartWorkers({ config, logLevel: values.logLevel ?? "info" }).catch((error: unknown) => {
      putBack();
      throw error;
    });
    logger.info({ ms: Math.round(performance.now() - began) }, "all workers have been restarted");
    return config;
  } catch (error) {
    const [reason] = error instanceof Error ? error.message.split("\n") : [String(error)];
    logger.error(
      { err: error instanceof ConfigError ? undefined : error },
      `the workers were not restarted: ${reason}`,
    );
    return undefined;
  }
}
