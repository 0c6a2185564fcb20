import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import type { Config, TrashTimes } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import { defaultLimits, shareLimits } from "./limits.ts";
import { plans } from "./plans.ts";
import { shareRateLimit } from "./rate-limit.ts";
import type { Settings } from "./settings.ts";
import { parseStorageUrl } from "./storage-url.ts";

/**
 * Fills in what the settings leave open, and freezes the result. The composition root (app/configuration/configure.ts)
 * applies the domains' own rules for their settings.
 * @throws ConfigError when settings don't fit together
 */
export function resolveConfig(settings: Settings): Config {
  const host = settings.host ?? "127.0.0.1";
  const plan = plans[settings.plan ?? "default"];
  const workers = settings.workers === "auto" ? availableParallelism() : (settings.workers ?? 1);
  const limits = shareLimits({ ...defaultLimits, ...settings.limits }, workers);
  if (limits.headersMs > limits.requestMs) {
    throw new ConfigError("--limit headers-seconds must not be more than request-seconds");
  }
  if (limits.encodes === 0 && settings.databaseUrl === undefined) {
    throw new ConfigError("--limit encodes=0 needs --database-url: on SQLite the server runs all jobs itself");
  }
  return Object.freeze({
    host,
    port: settings.port ?? 3000,
    dataDir: resolve(settings.dataDir ?? "data"),
    publicUrl: settings.publicUrl,
    imagekitId: settings.imagekitId ?? "demo",
    keyPair: keyPairOf(settings),
    webhook: webhookOf(settings),
    databaseUrl: settings.databaseUrl,
    storage: settings.storageUrl === undefined ? undefined : parseStorageUrl(settings.storageUrl),
    fileSize: Object.freeze({
      file: settings.maxFileSize ?? plan.file,
      video: settings.maxVideoSize ?? plan.video,
    }),
    trash: trashTimesOf(settings.trashDays),
    trustProxy: settings.trustProxy ?? false,
    countryHeader: countryHeaderOf(settings),
    demo: settings.demo ?? (!isReachedFromElsewhere({ host, publicUrl: settings.publicUrl }) && !hasProxy(settings)),
    console: settings.console ?? true,
    consoleOrigin: consoleOriginOf(settings),
    metricsToken: settings.metricsToken,
    metricsListen: metricsListenOf(settings),
    apiRateLimit: shareRateLimit(settings.apiRateLimit, workers),
    secretsKeys: Object.freeze(settings.secretsKey ?? []),
    allowPrivateNetworks: settings.allowPrivateNetworks ?? false,
    v1Uploads: settings.v1Uploads,
    extensions: extensionsOf(settings),
    aiEffects: aiEffectsOf(settings, limits),
    autoTagging: settings.autoTagging ?? false,
    ffmpeg: settings.ffmpeg ?? "auto",
    clamd: settings.clamd,
    drainDelayMs: 1000 * (settings.drainDelay ?? (mayHaveOtherNodes(settings) ? standardDrainSeconds : 0)),
    slowRequestMs: settings.slowRequestMs ?? 3000,
    workers,
    limits: Object.freeze(limits),
  });
}

/** Longer than two looks of a load balancer that asks for the health every two seconds. */
const standardDrainSeconds = 5;

function hasProxy({ trustProxy = false }: Settings): boolean {
  return trustProxy !== false;
}

/** A server without a proxy, or on SQLite, is alone: nobody could take over what it does not answer. */
function mayHaveOtherNodes(settings: Settings): boolean {
  return settings.databaseUrl !== undefined && hasProxy(settings);
}

/** The console's deletions stay in the trash for so long unless the operator says otherwise. */
const standardTrashDays = 7;
const dayMs = 24 * 3600 * 1000;

/** As with the vendor, deletions are for good unless the operator or the request wants a trash. */
function trashTimesOf(days: number | undefined): TrashTimes {
  if (days === undefined) return { standardMs: null, askedMs: standardTrashDays * dayMs };
  const ms = days === 0 ? null : days * dayMs;
  return { standardMs: ms, askedMs: ms };
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\./.test(host);
}

/** Whether clients on other machines reach the server, directly or through a proxy under the public URL. */
export function isReachedFromElsewhere({ host, publicUrl }: Pick<Config, "host" | "publicUrl">): boolean {
  if (!isLoopback(host)) return true;
  return publicUrl !== undefined && !isLoopback(new URL(publicUrl).hostname.replace(/^\[(.*)\]$/, "$1"));
}

function consoleOriginOf({ console: on = true, consoleOrigin, publicUrl }: Settings): Config["consoleOrigin"] {
  if (consoleOrigin === undefined) return undefined;
  if (!on) throw new ConfigError("--console-origin and --no-console exclude each other");
  if (publicUrl === undefined) {
    throw new ConfigError("--console-origin needs --public-url as well, where files are delivered");
  }
  // Cookies and Host headers tell hosts apart, and not schemes.
  if (new URL(consoleOrigin).host === new URL(publicUrl).host) {
    throw new ConfigError("--console-origin must have another host than --public-url");
  }
  return consoleOrigin;
}

function metricsListenOf({ metricsPort, metricsHost, port = 0 }: Settings): Config["metricsListen"] {
  if (metricsPort === undefined) {
    if (metricsHost !== undefined) throw new ConfigError("--metrics-host needs --metrics-port as well");
    return undefined;
  }
  if (metricsPort === port && port !== 0) throw new ConfigError("--metrics-port must be another port than --port");
  return Object.freeze({ host: metricsHost ?? "127.0.0.1", port: metricsPort });
}

function countryHeaderOf({ countryHeader, trustProxy = false }: Settings): Config["countryHeader"] {
  if (countryHeader !== undefined && trustProxy === false) {
    throw new ConfigError(
      "--country-header needs --trust-proxy as well, because a client could write the header itself",
    );
  }
  return countryHeader;
}

function extensionsOf({ extensions = {}, extensionSecret }: Settings): Config["extensions"] {
  if (Object.keys(extensions).length > 0 && extensionSecret === undefined) {
    throw new ConfigError("--extension needs --extension-secret as well");
  }
  return Object.freeze({ endpoints: extensions, secret: extensionSecret });
}

function aiEffectsOf(
  { aiEffects: endpoints = {}, unsignedAiEffects: unsigned = false, extensionSecret, storageUrl }: Settings,
  { derivedBytes }: Pick<Config["limits"], "derivedBytes">,
): Config["aiEffects"] {
  const asksModels = Object.keys(endpoints).length > 0;
  if (asksModels && extensionSecret === undefined) {
    throw new ConfigError("--ai-effect needs --extension-secret as well");
  }
  if (asksModels && derivedBytes === 0 && storageUrl === undefined) {
    throw new ConfigError(
      "--ai-effect needs --limit derived-bytes above 0, or a bucket in --storage-url, to keep the models' pictures",
    );
  }
  return Object.freeze({ endpoints, unsigned });
}

function webhookOf({ webhookUrl: url, webhookSecret: secret }: Settings): Config["webhook"] {
  if (secret !== undefined && url === undefined) throw new ConfigError("--webhook-secret needs --webhook-url as well");
  return Object.freeze({ ...(url !== undefined && { url }), ...(secret !== undefined && { secret }) });
}

function keyPairOf({ publicKey, privateKey }: Settings): Config["keyPair"] {
  if (publicKey === undefined && privateKey === undefined) return undefined;
  if (publicKey === undefined) throw new ConfigError("--private-key needs --public-key as well");
  if (privateKey === undefined) throw new ConfigError("--public-key needs --private-key as well");
  return Object.freeze({ publicKey, privateKey });
}
