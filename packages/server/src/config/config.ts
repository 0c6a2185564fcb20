import type { Limits } from "./limits.ts";
import type { FileSizeLimits } from "./plans.ts";
import type { StorageLocation } from "./storage-url.ts";
import type { TrustProxy } from "./trust-proxy.ts";

/** Where clamd listens. */
export type ClamdAddress = { readonly host: string; readonly port: number } | { readonly path: string };

/** Everything that the server is told from outside: read once, frozen, passed as an argument. */
export interface Config {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Absolute. */
  readonly dataDir: string;
  /** Without a trailing slash; undefined means http://host:port. */
  readonly publicUrl: string | undefined;
  readonly imagekitId: string;
  /** Holds a password: never shown. Undefined means SQLite in the data folder. */
  readonly databaseUrl: string | undefined;
  /** Undefined means a folder in the data folder. */
  readonly storage: StorageLocation | undefined;
  readonly keyPair: { readonly publicKey: string; readonly privateKey: string } | undefined;
  /** The endpoint that the account is to have, besides those that were added to it. */
  readonly webhook: { readonly url?: string; readonly secret?: string };
  readonly fileSize: FileSizeLimits;
  /** How many proxies, or which, are trusted to say where a request comes from. */
  readonly trustProxy: TrustProxy;
  readonly demo: boolean;
  /** What `/metrics` asks for; undefined lets everybody read them. */
  readonly metricsToken: string | undefined;
  /** Whether callers may have this server connect to addresses that are not public (docs/architecture.md §4). */
  readonly allowPrivateNetworks: boolean;
  /** Whether the configured account takes V1 client uploads; undefined leaves it to the account's own setting. */
  readonly v1Uploads: boolean | undefined;
  readonly extensions: {
    /** By the names of the extensions. */
    readonly endpoints: Readonly<Record<string, string>>;
    /** There is one where there are endpoints. */
    readonly secret: string | undefined;
  };
  /** Whether images are tagged on this machine. */
  readonly autoTagging: boolean;
  /** Undefined scans nothing. */
  readonly clamd: ClamdAddress | undefined;
  /** Processes that answer requests. */
  readonly workers: number;
  /** Of one process: what is shared out among several has been divided. */
  readonly limits: Limits;
}
