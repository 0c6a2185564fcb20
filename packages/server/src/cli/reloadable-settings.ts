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
export function needsWholeRestart(before: Settings, after: Settings): string[] {
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
