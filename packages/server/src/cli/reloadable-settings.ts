import { type Settings, type ShownSetting, settings } from "../config/settings.ts";

/**
 * Whether a restart of the workers takes a setting into use. The other settings are used by the supervisor as well, which
 * goes on: it holds the address and the data, and runs the jobs.
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
  webhookUrl: false,
  webhookSecret: false,
  autoTagging: false,
  clamd: false,
  limits: true,
  slowRequestMs: true,
  logLevel: true,
};

/** The flags of the settings that have changed and that only a restart of the whole server takes into use. */
export function needsWholeRestart(before: Settings, after: Settings): string[] {
  return Object.entries<ShownSetting>(settings)
    .filter(([name]) => {
      const setting = name as keyof typeof settings;
      return !taken[setting] && JSON.stringify(before[setting]) !== JSON.stringify(after[setting]);
    })
    .map(([, { flag }]) => flag);
}
