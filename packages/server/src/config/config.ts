import type { Limits } from "./limits.ts";
import type { FileSizeLimits } from "./plans.ts";
import type { RateLimit } from "./rate-limit.ts";
import type { StorageLocation } from "./storage-url.ts";
import type { TrustProxy } from "./trust-proxy.ts";

/** The address on which clamd listens. */
export type ClamdAddress = { readonly host: string; readonly port: number } | { readonly path: string };

/** For how long deleted files stay in the trash, in ms. Null deletes them for good. */
export interface TrashTimes {
  /** The time of what requests delete that don't mention the trash. */
  readonly standardMs: number | null;
  /** The time of what requests delete that ask for the trash, as the console's do; null where it is switched off. */
  readonly askedMs: number | null;
}

/** Everything that the server is told from outside. It is read once, frozen and passed as an argument. */
export interface Config {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** An absolute path. */
  readonly dataDir: string;
  /** The URL has no trailing slash. Undefined means http://host:port. */
  readonly publicUrl: string | undefined;
  readonly imagekitId: string;
  /** Never shown, since it holds a password. Undefined means SQLite in the data folder. */
  readonly databaseUrl: string | undefined;
  /** Undefined means a folder in the data folder. */
  readonly storage: StorageLocation | undefined;
  readonly keyPair: { readonly publicKey: string; readonly privateKey: string } | undefined;
  /** The endpoint that the account is to have in addition to those that were added to it. */
  readonly webhook: { readonly url?: string; readonly secret?: string };
  readonly fileSize: FileSizeLimits;
  readonly trash: TrashTimes;
  /** The number or the addresses of the proxies that are trusted to say where a request comes from. */
  readonly trustProxy: TrustProxy;
  /** The header, in lower case, in which a trusted proxy states the client's country. */
  readonly countryHeader: string | undefined;
  readonly demo: boolean;
  readonly console: boolean;
  /** The origin on which the console alone answers. Undefined means the server's own origin. */
  readonly consoleOrigin: string | undefined;
  /** The token that `/metrics` asks for. Undefined lets anybody read the metrics. */
  readonly metricsToken: string | undefined;
  /** The address on which `/metrics` alone answers. Undefined means the server's own address. */
  readonly metricsListen: { readonly host: string; readonly port: number } | undefined;
  /** The requests of the media API that one process takes of an account. Undefined means that they aren't limited. */
  readonly apiRateLimit: RateLimit | undefined;
  /**
   * The given keys in base64 with which secrets of accounts are encrypted, newest first. Never shown. Without any, a
   * server on SQLite has a file of its own (app/secrets-keys).
   */
  readonly secretsKeys: readonly string[];
  /** Whether callers may have this server connect to addresses that are not public (docs/architecture.md §4). */
  readonly allowPrivateNetworks: boolean;
  /** Whether the configured account takes V1 client uploads; undefined leaves it to the account's own setting. */
  readonly v1Uploads: boolean | undefined;
  readonly extensions: {
    /** Endpoints by the names of the extensions. */
    readonly endpoints: Readonly<Record<string, string>>;
    /** Always set where there are endpoints. */
    readonly secret: string | undefined;
  };
  readonly aiEffects: {
    /** Endpoints by the keys of the effects. Their secret is that of the extensions. */
    readonly endpoints: Readonly<Record<string, string>>;
    /** Whether URLs that are neither signed nor made of names may ask for these effects. */
    readonly unsigned: boolean;
  };
  /** Whether images are tagged on this machine. */
  readonly autoTagging: boolean;
  /** Where FFmpeg is: `auto`, `off`, or the path of `ffmpeg`. */
  readonly ffmpeg: string;
  /** The virus scanner's address. Undefined means that nothing is scanned. */
  readonly clamd: ClamdAddress | undefined;
  /** For how long a server that is to end is still served from, so that load balancers notice. */
  readonly drainDelayMs: number;
  /** Requests for which the server takes so long are logged. With 0 none is. */
  readonly slowRequestMs: number;
  /** The number of processes that answer requests. */
  readonly workers: number;
  /** The limits of one process: those that several processes share have been divided. */
  readonly limits: Limits;
}
