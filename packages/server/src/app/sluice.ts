import type { Config } from "../config/config.ts";
import type { LogLevel } from "../config/settings.ts";
import type { AppliedConfiguration } from "./configuration/apply-configuration.ts";
import type { SecretsKeysFacts } from "./secrets-keys/server-secrets-keys.ts";

/**
 * A server in this process or, with workers, one that this process supervises. Its keys are final once it listens. A
 * configured pair is put in force then. The account's pair may be another one by then if another server has ended it.
 */
export interface Sluice extends AppliedConfiguration {
  /** The URL at which clients reach the server, without a trailing slash: its public URL, or its address. */
  readonly url: string;
  /** The URL of the address on which the server listens, without a trailing slash. It is empty until then. */
  readonly address: string;
  readonly config: Config;
  /** The link that opens the demo page so that it gets tokens, while `config.demo` is on. Known once the URL is. */
  readonly demoLink: string;
  /** The URL of the metrics where they have a port of their own, once that is listened on. */
  readonly metricsUrl: string | undefined;
  /** The place of the keys for the secrets of origins, and the missing keys. Undefined before the data is open. */
  readonly secretsKeys: SecretsKeysFacts | undefined;
  /** Aborted when this process can no longer do its work, for a reason that only a new process gets rid of. */
  readonly failed: AbortSignal;
  /**
   * Rejects when the address can't be listened on, when the data can't be opened, or when the configured pair can't be
   * used. Nothing that another server on the same data depends on has changed then. `close()` must be called all the
   * same.
   */
  listen(): Promise<void>;
  /**
   * Makes a link that signs in to the console as the server's account, once and within an hour. Call it once the server
   * listens. Undefined without a console, and where the account is disabled.
   */
  consoleLink(): Promise<string | undefined>;
  /**
   * Replaces the processes that answer requests, one after the other, by new ones with these settings. No request fails.
   * A new process that can't be started leaves the old ones as they are, and rejects. Absent in a server of one process.
   */
  restartWorkers?(settings: { readonly config: Config; readonly logLevel: LogLevel }): Promise<void>;
  /**
   * Tells load balancers, by `/health`, to send requests elsewhere, and resolves after `config.drainDelayMs`. Everything
   * is answered meanwhile. Resolves at once for a server that does not listen yet or has failed.
   */
  leave(): Promise<void>;
  /** Takes no new requests, lets those in flight finish within a limit, then closes everything. */
  close(): Promise<void>;
}
