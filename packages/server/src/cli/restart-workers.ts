import type { Logger } from "pino";
import { configure } from "../app/configuration/configure.ts";
import type { Sluice } from "../app/sluice.ts";
import type { Config } from "../config/config.ts";
import { ConfigError } from "../config/config-error.ts";
import { defaultLimits, type Limits, limitTable } from "../config/limits.ts";
import { type Settings, type ShownSetting, settings } from "../config/settings.ts";

/**
 * Whether a restart of the workers takes a setting into use. The other settings are used by the supervisor as well, which
 * goes on: it holds the address and the data, and runs the jobs. Some of the limits are for it too, see `limitsOfJobs`.
 */
const taken: Readonly<Record<keyof typeof settings, boolean>> = {
  host: false,
  port: false,
  dataDir: false,
  publicUrl: true,
  trustProxy: true,
  countryHeader: true,
  imagekitId: false,
  publicKey: false,
  privateKey: false,
  databaseUrl: false,
  storageUrl: false,
  plan: true,
  maxFileSize: true,
  maxVideoSize: true,
  trashDays: true,
  workers: false,
  drainDelay: false,
  demo: true,
  console: true,
  consoleOrigin: true,
  metricsToken: false,
  metricsPort: false,
  metricsHost: false,
  apiRateLimit: true,
  allowPrivateNetworks: false,
  secretsKey: false,
  v1Uploads: false,
  extensions: false,
  extensionSecret: false,
  aiEffects: false,
  unsignedAiEffects: false,
  webhookUrl: false,
  webhookSecret: false,
  autoTagging: false,
  ffmpeg: false,
  clamd: false,
  limits: true,
  slowRequestMs: true,
  logLevel: true,
};

/**
 * The limits that must be the same in the supervisor's jobs and in the workers, and those that the jobs alone use. A used
 * token has to be remembered for as long as the workers may accept it. The sweep has to leave content alone for as long
 * as they may commit it. An account's storage and the folder of made images are bounded by both.
 */
const limitsOfJobs: readonly (keyof Limits)[] = [
  "requestMs",
  "sweepGraceMs",
  "sweepIntervalMs",
  "eventsMs",
  "derivedBytes",
  "derivedSharedMs",
  "storageBytes",
];

/** The flags of the settings that have changed and that only a restart of the whole server takes into use. */
function needsWholeRestart(before: Settings, after: Settings): string[] {
  const flags = Object.entries<ShownSetting>(settings)
    .filter(([name]) => {
      const setting = name as keyof typeof settings;
      return !taken[setting] && JSON.stringify(before[setting]) !== JSON.stringify(after[setting]);
    })
    .map(([, { flag }]) => flag);
  return [...flags, ...limitsThatNeedIt(before, after)];
}

function limitsThatNeedIt(before: Settings, after: Settings): string[] {
  const [former, next] = [before, after].map(({ limits }) => ({ ...defaultLimits, ...limits }));
  return limitsOfJobs
    .filter((name) => former?.[name] !== next?.[name])
    .map((name) => `${settings.limits.flag} ${limitTable[name].name}`);
}

/** The settings of a restart. */
interface SettingsNow {
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
