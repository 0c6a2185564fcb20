import type { Config } from "../config/config.ts";
import type { AppliedConfiguration } from "./configuration/apply-configuration.ts";

/**
 * A server in this process or, with workers, one that this process supervises. Its keys are final once it listens: a
 * configured pair is put in force then, and the account's pair may be another one when another server ends it before.
 */
export interface Sluice extends AppliedConfiguration {
  /** Where it listens, as clients reach it, without a trailing slash. */
  readonly url: string;
  readonly config: Config;
  /** Aborted when this process can't do its work any more, for a reason that only a new one is free of. */
  readonly failed: AbortSignal;
  /**
   * Rejects when the address can't be listened on, when the data can't be opened, or when the configured pair can't be
   * used; nothing that another server on the same data goes by has changed then. `close()` is due all the same.
   */
  listen(): Promise<void>;
  /** Takes nothing new, lets what is in flight finish within a limit, then lets go of everything. */
  close(): Promise<void>;
}
