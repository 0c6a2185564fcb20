import { isIP } from "node:net";
import { resolve } from "node:path";
import type { ClamdAddress } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import { type Limits, parseLimits } from "./limits.ts";
import { isLoopbackHost } from "./loopback-host.ts";
import { isPlanName, type PlanName } from "./plans.ts";
import { parseRateLimit, type RateLimit } from "./rate-limit.ts";
import { isImagekitId } from "./reserved-paths.ts";
import { parseSecretsKeys } from "./secrets-keys.ts";
import { parseStorageUrl } from "./storage-url.ts";
import { parseTrustProxy, type TrustProxy } from "./trust-proxy.ts";

const logLevels = ["silent", "fatal", "error", "warn", "info", "debug", "trace"] as const;
export type LogLevel = (typeof logLevels)[number];

/** A setting as the command line and docs/configuration.md show it. */
export interface ShownSetting {
  readonly flag: string;
  /** The placeholder for the flag's value in its usage line. A switch has none. */
  readonly argument?: string;
  readonly environment: string;
  /** The variable by which hosting platforms give the value. It counts where neither the flag nor the variable is given. */
  readonly platformEnvironment?: string;
  /** The member is set if the flag may be given several times. The values are joined by commas. */
  readonly repeatable?: true;
  readonly description: string;
  /** Shown in the help and in docs/configuration.md. */
  readonly standard: string;
}

export interface Setting<Value> extends ShownSetting {
  /** @throws ConfigError */
  readonly parse: (text: string) => Value;
}

function setting<Value>(record: Setting<Value>): Setting<Value> {
  return record;
}

/** The settings whose values belong to a domain. The domain knows how they are written and hands in the parser. */
export interface DomainValues {
  /** PostgreSQL's URL. */
  readonly databaseUrl: string;
  /** Endpoints by the names of their extensions. */
  readonly extensions: Readonly<Record<string, string>>;
  readonly extensionSecret: string;
  /** Endpoints by the keys of their effects. */
  readonly aiEffects: Readonly<Record<string, string>>;
  readonly webhookUrl: string;
  readonly webhookSecret: string;
  readonly clamd: ClamdAddress;
}

/**
 * The operator's contract (docs/architecture.md §4): every setting of `sluice serve`, each with a flag and an
 * environment variable.
 */
export const settings = {
  host: setting({
    flag: "--host",
    argument: "<address>",
    environment: "SLUICE_HOST",
    description: "address to listen on",
    standard: "127.0.0.1",
    parse: (text) => {
      if (text !== "localhost" && isIP(text) === 0) throw new ConfigError("--host must be an IP address or localhost");
      return text;
    },
  }),
  port: setting({
    flag: "--port",
    argument: "<number>",
    environment: "SLUICE_PORT",
    platformEnvironment: "PORT",
    description: "port to listen on; 0 takes any free one",
    standard: "3000",
    parse: (text) => wholeNumber("--port", text, 0, 65_535),
  }),
  dataDir: setting({
    flag: "--data-dir",
    argument: "<folder>",
    environment: "SLUICE_DATA_DIR",
    description: "folder of the database, the files and the spool",
    standard: "./data",
    parse: (text) => resolve(nonEmpty("--data-dir", text)),
  }),
  publicUrl: setting({
    flag: "--public-url",
    argument: "<url>",
    environment: "SLUICE_PUBLIC_URL",
    description: "address under which clients reach the server",
    standard: "http://host:port",
    parse: parsePublicUrl,
  }),
  trustProxy: setting<TrustProxy>({
    flag: "--trust-proxy",
    argument: "<proxies>",
    environment: "SLUICE_TRUST_PROXY",
    description: "proxies whose X-Forwarded-For header is trusted: their number, or their addresses and CIDR ranges",
    standard: "off",
    parse: parseTrustProxy,
  }),
  countryHeader: setting({
    flag: "--country-header",
    argument: "<name>",
    environment: "SLUICE_COUNTRY_HEADER",
    description:
      "request header in which a trusted proxy states the client's country, such as CF-IPCountry, for sluice account set --countries",
    standard: "none",
    parse: (text) => {
      if (!/^[A-Za-z0-9-]{1,64}$/.test(text)) throw new ConfigError("--country-header must be a header's name");
      return text.toLowerCase();
    },
  }),
  imagekitId: setting({
    flag: "--imagekit-id",
    argument: "<id>",
    environment: "SLUICE_IMAGEKIT_ID",
    description: "account whose files are delivered under /<id>/",
    standard: "demo",
    parse: (text) => {
      if (!isImagekitId(text)) {
        throw new ConfigError(
          "--imagekit-id must be 1 to 64 letters, digits, - or _, and none of the server's own paths",
        );
      }
      return text;
    },
  }),
  publicKey: setting({
    flag: "--public-key",
    argument: "<key>",
    environment: "SLUICE_PUBLIC_KEY",
    description: "public key of the configured pair",
    standard: "made at the first start",
    parse: (text) => parseKey("--public-key", text),
  }),
  privateKey: setting({
    flag: "--private-key",
    argument: "<key>",
    environment: "SLUICE_PRIVATE_KEY",
    description: "private key of the configured pair",
    standard: "made at the first start",
    parse: (text) => parseKey("--private-key", text),
  }),
  databaseUrl: {
    flag: "--database-url",
    argument: "<url>",
    environment: "SLUICE_DATABASE_URL",
    description: "PostgreSQL database, 13 or later, as postgres://user:password@host:port/name",
    standard: "SQLite, in the data folder",
  },
  storageUrl: setting({
    flag: "--storage-url",
    argument: "<url>",
    environment: "SLUICE_STORAGE_URL",
    description: "S3 bucket for the files, as s3://bucket/prefix?endpoint=…&region=…, see docs/storage.md",
    standard: "the data folder",
    parse: (text) => {
      parseStorageUrl(text);
      return text;
    },
  }),
  plan: setting<PlanName>({
    flag: "--plan",
    argument: "<name>",
    environment: "SLUICE_PLAN",
    description: "size limits: default, free, lite, pro or unlimited",
    standard: "default (25 MiB, video 300 MiB)",
    parse: (text) => {
      if (!isPlanName(text)) throw new ConfigError("--plan must be default, free, lite, pro or unlimited");
      return text;
    },
  }),
  maxFileSize: setting({
    flag: "--max-file-size",
    argument: "<bytes>",
    environment: "SLUICE_MAX_FILE_SIZE",
    description: "maximum size in bytes of a file that is no video; overrides the plan's",
    standard: "the plan's",
    parse: (text) => wholeNumber("--max-file-size", text, 1, Number.MAX_SAFE_INTEGER),
  }),
  maxVideoSize: setting({
    flag: "--max-video-size",
    argument: "<bytes>",
    environment: "SLUICE_MAX_VIDEO_SIZE",
    description: "maximum size in bytes of a video; overrides the plan's",
    standard: "the plan's",
    parse: (text) => wholeNumber("--max-video-size", text, 1, Number.MAX_SAFE_INTEGER),
  }),
  trashDays: setting({
    flag: "--trash-days",
    argument: "<days>",
    environment: "SLUICE_TRASH_DAYS",
    description:
      "days for which files that the API deletes stay in the trash, see docs/trash.md; 0 switches the trash off",
    standard: "7 for the console, none for others",
    parse: (text) => wholeNumber("--trash-days", text, 0, maxTrashDays),
  }),
  workers: setting<number | "auto">({
    flag: "--workers",
    argument: "<number|auto>",
    environment: "SLUICE_WORKERS",
    description: "processes that share the port; auto for one per core",
    standard: "1",
    parse: (text) => (text === "auto" ? text : wholeNumber("--workers", text, 1, maxWorkers)),
  }),
  drainDelay: setting({
    flag: "--drain-delay",
    argument: "<seconds>",
    environment: "SLUICE_DRAIN_DELAY",
    description:
      "time after SIGTERM in which /health says draining and everything is still answered, so that load balancers send requests elsewhere; see docs/operate/upgrade.md",
    standard: "5 with both --database-url and --trust-proxy, else 0",
    parse: (text) => wholeNumber("--drain-delay", text, 0, 3600),
  }),
  demo: setting({
    flag: "--demo",
    environment: "SLUICE_DEMO",
    description:
      "serve the demo page at /_sluice/demo, which gets tokens by the link that the start prints (--no-demo turns it off)",
    standard: "on when listening on loopback alone, without --trust-proxy and without a public URL that others reach",
    parse: (text) => parseSwitch("SLUICE_DEMO", text),
  }),
  console: setting({
    flag: "--console",
    environment: "SLUICE_CONSOLE",
    description: "serve the web console at /console (--no-console turns it off), see docs/console.md",
    standard: "on",
    parse: (text) => parseSwitch("SLUICE_CONSOLE", text),
  }),
  consoleOrigin: setting({
    flag: "--console-origin",
    argument: "<url>",
    environment: "SLUICE_CONSOLE_ORIGIN",
    description: "origin that the console has for itself, apart from the files that users upload",
    standard: "the server's own",
    parse: parseConsoleOrigin,
  }),
  metricsToken: setting({
    flag: "--metrics-token",
    argument: "<token>",
    environment: "SLUICE_METRICS_TOKEN",
    description: "token without which /metrics answers 401, sent as Authorization: Bearer <token>",
    standard: "none: anybody reads /metrics",
    parse: parseMetricsToken,
  }),
  metricsPort: setting({
    flag: "--metrics-port",
    argument: "<number>",
    environment: "SLUICE_METRICS_PORT",
    description: "port of its own for /metrics, which --port then doesn't answer; 0 takes any free one",
    standard: "none: /metrics is on --port",
    parse: (text) => wholeNumber("--metrics-port", text, 0, 65_535),
  }),
  metricsHost: setting({
    flag: "--metrics-host",
    argument: "<address>",
    environment: "SLUICE_METRICS_HOST",
    description: "address on which --metrics-port is listened on",
    standard: "127.0.0.1",
    parse: (text) => {
      if (isIP(text) === 0) throw new ConfigError("--metrics-host must be an IP address");
      return text;
    },
  }),
  apiRateLimit: setting<RateLimit | undefined>({
    flag: "--api-rate-limit",
    argument: "<requests/seconds>",
    environment: "SLUICE_API_RATE_LIMIT",
    description:
      "requests of the media API that an account may send in so many seconds, such as 600/60; one more is answered 429. Uploads and deliveries are never counted. Each node counts for itself, and --workers share the number",
    standard: "off",
    parse: parseRateLimit,
  }),
  allowPrivateNetworks: setting({
    flag: "--allow-private-networks",
    environment: "SLUICE_ALLOW_PRIVATE_NETWORKS",
    description:
      "fetch files by URL and from origins at private, loopback and link-local addresses as well, and send webhooks there",
    standard: "off",
    parse: (text) => parseSwitch("SLUICE_ALLOW_PRIVATE_NETWORKS", text),
  }),
  secretsKey: setting<readonly string[]>({
    flag: "--secrets-key",
    argument: "<key,...>",
    environment: "SLUICE_SECRETS_KEY",
    description:
      "key that encrypts the secrets of origins, 32 bytes in hexadecimal or base64, see docs/keys.md; earlier keys may follow",
    standard: "on SQLite made at the first start, in secrets-key.txt of the data folder; elsewhere none",
    parse: parseSecretsKeys,
  }),
  v1Uploads: setting({
    flag: "--v1-uploads",
    environment: "SLUICE_V1_UPLOADS",
    description:
      "take client uploads with V1 signatures, which lock no parameter, into the configured account (--no-v1-uploads refuses them); other accounts: sluice account set",
    standard: "the account's own setting, off",
    parse: (text) => parseSwitch("SLUICE_V1_UPLOADS", text),
  }),
  extensions: {
    flag: "--extension",
    argument: "<name=url,...>",
    repeatable: true,
    environment: "SLUICE_EXTENSIONS",
    description:
      "endpoint that runs an extension, such as remove-bg, see docs/extensions.md; may be given several times",
    standard: "none",
  },
  extensionSecret: {
    flag: "--extension-secret",
    argument: "<secret>",
    environment: "SLUICE_EXTENSION_SECRET",
    description: "secret with which requests to those endpoints are signed, whsec_…",
    standard: "none",
  },
  aiEffects: {
    flag: "--ai-effect",
    argument: "<effect=url,...>",
    repeatable: true,
    environment: "SLUICE_AI_EFFECTS",
    description:
      "endpoint that does an effect which needs a model, such as e-bgremove, see docs/ai-effects.md; may be given several times",
    standard: "none",
  },
  unsignedAiEffects: setting({
    flag: "--unsigned-ai-effects",
    environment: "SLUICE_UNSIGNED_AI_EFFECTS",
    description:
      "let anybody ask for effects of models, and for any prompt, by URLs that are neither signed nor one name alone",
    standard: "off",
    parse: (text) => parseSwitch("SLUICE_UNSIGNED_AI_EFFECTS", text),
  }),
  webhookUrl: {
    flag: "--webhook-url",
    argument: "<url>",
    environment: "SLUICE_WEBHOOK_URL",
    description: "endpoint that receives the account's events, see docs/webhooks.md",
    standard: "none",
  },
  webhookSecret: {
    flag: "--webhook-secret",
    argument: "<secret>",
    environment: "SLUICE_WEBHOOK_SECRET",
    description: "secret with which that endpoint's webhooks are signed, whsec_…",
    standard: "made with the endpoint",
  },
  autoTagging: setting({
    flag: "--auto-tagging",
    environment: "SLUICE_AUTO_TAGGING",
    description: "tag images on this machine, by the model of @sluice/auto-tagging (--no-auto-tagging turns it off)",
    standard: "on where that package is installed",
    parse: (text) => parseSwitch("SLUICE_AUTO_TAGGING", text),
  }),
  ffmpeg: setting({
    flag: "--ffmpeg",
    argument: "<path>",
    environment: "SLUICE_FFMPEG",
    description:
      "FFmpeg that reads videos and audio: auto looks for it and then for @sluice/video, embedded is that package, off is none, else the path of ffmpeg",
    standard: "auto",
    parse: (text) => text,
  }),
  clamd: {
    flag: "--clamd",
    argument: "<address>",
    environment: "SLUICE_CLAMD",
    description: "clamd that scans every upload, as tcp://host:port or unix:/path, see docs/virus-scan.md",
    standard: "off",
  },
  limits: setting<Partial<Limits>>({
    flag: "--limit",
    argument: "<name=value,...>",
    repeatable: true,
    environment: "SLUICE_LIMITS",
    description: "limits on requests, see docs/limits.md; may be given several times",
    standard: "docs/limits.md",
    parse: parseLimits,
  }),
  slowRequestMs: setting({
    flag: "--slow-request-ms",
    argument: "<ms>",
    environment: "SLUICE_SLOW_REQUEST_MS",
    description:
      "log a line for each request for which the server itself takes this long, its client's time left out; 0 logs none",
    standard: "3000",
    parse: (text) => wholeNumber("--slow-request-ms", text, 0, 86_400_000),
  }),
  logLevel: setting<LogLevel>({
    flag: "--log-level",
    argument: "<level>",
    environment: "SLUICE_LOG_LEVEL",
    description: `level of the log on standard error, in JSON lines or, on a terminal, in readable lines: ${logLevels.join(", ")}`,
    standard: "info",
    parse: (text) => {
      const level = logLevels.find((known) => known === text);
      if (level === undefined) throw new ConfigError(`--log-level must be one of ${logLevels.join(", ")}`);
      return level;
    },
  }),
} as const satisfies Readonly<Record<string, ShownSetting | Setting<unknown>>>;

/** A hundred years. */
const maxTrashDays = 36_500;

/** More processes than any machine makes use of. */
const maxWorkers = 256;

type Records = typeof settings;

type DomainSetting = {
  [Name in keyof Records]: Records[Name] extends Setting<unknown> ? never : Name;
}[keyof Records];

/** The parsers of the domains' settings. A setting that has no parser and belongs to no domain doesn't compile. */
export type DomainParsers = { readonly [Name in DomainSetting]: (text: string) => DomainValues[Name] };

export type Settings = {
  -readonly [Name in keyof Records]?: Records[Name] extends Setting<infer Value>
    ? Value
    : DomainValues[Name & DomainSetting];
};

/** A switch's flag has no value that could be wrong, so the error names only its variable. */
function parseSwitch(variable: string, text: string): boolean {
  if (/^(true|1|on)$/.test(text)) return true;
  if (/^(false|0|off)$/.test(text)) return false;
  throw new ConfigError(`${variable} must be true or false, 1 or 0, on or off`);
}

function wholeNumber(flag: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new ConfigError(`${flag} must be a whole number from ${min} to ${max}`);
  }
  return value;
}

function nonEmpty(flag: string, text: string): string {
  if (text === "") throw new ConfigError(`${flag} must not be empty`);
  return text;
}

function parseKey(flag: string, text: string): string {
  // Basic authentication ends the user name at the first colon.
  if (!/^[\x21-\x39\x3b-\x7e]{8,256}$/.test(text)) {
    throw new ConfigError(`${flag} must be 8 to 256 printable ASCII characters without spaces and colons`);
  }
  return text;
}

/** The characters are those of RFC 6750 §2.1. A shorter token could be found by trying. */
function parseMetricsToken(text: string): string {
  if (!/^(?=.{16,256}$)[A-Za-z0-9._~+/-]+=*$/.test(text)) {
    throw new ConfigError("--metrics-token must be 16 to 256 letters, digits and -._~+/, with = at most at its end");
  }
  return text;
}

function parsePublicUrl(text: string): string {
  return parseOrigin("--public-url", text);
}

/** Browsers send the session's cookie over HTTPS, or to their own machine. */
function parseConsoleOrigin(text: string): string {
  const origin = parseOrigin("--console-origin", text);
  if (origin.startsWith("http:") && !isLoopbackHost(new URL(origin).host)) {
    throw new ConfigError("--console-origin must be an https URL, unless its host is localhost");
  }
  return origin;
}

function parseOrigin(flag: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain =
    url !== undefined &&
    url.username === "" &&
    url.password === "" &&
    url.pathname === "/" &&
    url.search === "" &&
    url.hash === "";
  if (!plain || !/^https?:$/.test(url.protocol)) {
    throw new ConfigError(`${flag} must be an http or https URL without credentials, path, query and fragment`);
  }
  return url.origin;
}
