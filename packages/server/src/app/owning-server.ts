import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { noOpenAccounts } from "../accounts/open-accounts.ts";
import type { Config } from "../config/config.ts";
import { consoleAddress, makeConsoleLink, startLinkMs } from "../console/make-link.ts";
import type { Database } from "../database/database.ts";
import { MetricsListener, type MetricsSource } from "../http/metrics-listener.ts";
import { demoLink } from "../web/demo/demo-secret.ts";
import { type AppliedConfiguration, applyConfiguration, prepareKeys } from "./configuration/apply-configuration.ts";
import { DataFolder } from "./data-folder.ts";
import type { Jobs } from "./open-jobs.ts";
import { openParts, type Parts, type PartsOptions } from "./parts.ts";
import { type RegisteredNode, registerNode } from "./register-node.ts";
import { findSecretsKeys, type ServerSecretsKeys } from "./secrets-keys/server-secrets-keys.ts";
import type { Sluice } from "./sluice.ts";

export interface OwnerOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** Ends the start while it waits for a database or a store. */
  readonly signal?: AbortSignal | undefined;
}

/** The data as the process owns it that is the node, runs the jobs and puts the configuration in force. */
export interface OwnedData {
  readonly parts: Parts;
  readonly node: RegisteredNode;
  readonly secretsKeys: ServerSecretsKeys;
  readonly jobs: Jobs;
}

/** What a server of one process and a supervisor do each in its own way. */
export interface Answering<Data extends OwnedData> {
  readonly demoSecret: string;
  /** The server's URL and its address, as `Sluice` has them. */
  readonly place: () => { readonly url: string; readonly address: string };
  listen(): Promise<void>;
  open(folder: DataFolder): Promise<Data>;
  /** Has the data opened wherever else requests are answered, before any job runs. */
  share?(data: Data): Promise<void>;
  /** @returns the figures for the port of metrics */
  serve(data: Data): Promise<MetricsSource>;
  leave(data: Data): Promise<void>;
  /** Takes no new requests, and lets those in flight finish within a limit. */
  drain(data: Data | undefined): Promise<void>;
  /** Closes what has answered, once nothing is answered any more. */
  close?(data: Data): Promise<void>;
}

export interface OwningServer extends Sluice {
  /**
   * Opens the data without listening yet, and finds out the keys. Adds the account and its first pair where they are
   * missing.
   */
  open(): Promise<void>;
}

/**
 * A server that has not started. `listen()` opens the data once it has the address, and puts the configuration in force
 * once everything else has succeeded. So a start that fails changes nothing for a server that is running.
 */
export function createOwningServer<Data extends OwnedData>(
  { config, logger, signal }: OwnerOptions,
  answering: Answering<Data>,
): OwningServer {
  const metrics = new MetricsListener(config, logger);
  const folder = new DataFolder(logger);
  const { place, demoSecret } = answering;
  let data: Data | undefined;
  let known: Partial<AppliedConfiguration> = {};
  let starting: Promise<void> | undefined;
  let serving = false;
  let closing = false;
  let failed = false;

  async function start(): Promise<void> {
    await answering.listen();
    await metrics.listen();
    signal?.throwIfAborted();
    data ??= await answering.open(folder);
    await answering.share?.(data);
    if (closing) return;
    await data.jobs.start();
    if (closing) return;
    signal?.throwIfAborted();
    const applied = await applyConfiguration(data.parts.database, config, logger);
    known = { ...applied, keysAreNew: applied.keysAreNew || known.keysAreNew === true };
    metrics.serve(await answering.serve(data));
    serving = true;
  }

  return {
    config,
    get url() {
      return place().url;
    },
    get address() {
      return place().address;
    },
    get demoLink() {
      return demoLink(place().url, demoSecret);
    },
    get metricsUrl() {
      return metrics.url;
    },
    get keys() {
      if (known.keys === undefined) throw new Error("the keys are not known before the data is open");
      return known.keys;
    },
    get keysAreNew() {
      return known.keysAreNew ?? false;
    },
    get newWebhookSecret() {
      return known.newWebhookSecret;
    },
    get openAccounts() {
      return known.openAccounts ?? noOpenAccounts;
    },
    get secretsKeys() {
      return data?.secretsKeys.facts;
    },
    get formerAccounts() {
      return known.formerAccounts ?? [];
    },
    get failed() {
      return data?.node.failed ?? new AbortController().signal;
    },
    consoleLink() {
      return consoleLink(data?.parts.database, config, place().url);
    },
    async open() {
      data = await answering.open(folder);
      known = await prepareKeys(data.parts.database, config);
    },
    listen() {
      starting ??= start().catch((error: unknown) => {
        failed = true;
        throw error;
      });
      return starting;
    },
    async leave() {
      if (data === undefined || !serving) return;
      await answering.leave(data);
      await drainDelay(config.drainDelayMs, data.node.failed);
    },
    async close() {
      closing = true;
      await starting?.catch(() => undefined);
      try {
        await Promise.all([answering.drain(data), data?.jobs.stop(config.limits.shutdownMs)]);
      } finally {
        await Promise.all([data && answering.close?.(data), data?.jobs.close(), data?.node.close()]);
        await data?.parts.close();
        await metrics.close();
      }
      if (failed) await folder.takeBack();
    },
  };
}

/** Opens the parts as the process that owns them, registered as a node, and what is built on them. */
export async function openOwned<Built>(
  { config, logger, signal }: OwnerOptions,
  folder: DataFolder,
  own: Pick<PartsOptions, "keepsReady" | "process">,
  build: (owned: Omit<OwnedData, "jobs">) => Promise<Built>,
): Promise<Omit<OwnedData, "jobs"> & Built> {
  const prepareFolder = (path: string) => folder.prepare(path);
  const parts = await openParts(config, { ...own, prepareFolder, logger, signal, late: true });
  let node: RegisteredNode | undefined;
  try {
    node = await registerNode(parts, config);
    const secretsKeys = await findSecretsKeys(config, parts.database.reader, logger);
    const owned = { parts, node, secretsKeys };
    return { ...owned, ...(await build(owned)) };
  } catch (error) {
    await node?.close();
    await parts.close();
    throw error;
  }
}

/** A link that signs in to the console as the server's account; undefined without a console, and where that account is disabled. */
async function consoleLink(
  database: Database | undefined,
  config: Pick<Config, "console" | "consoleOrigin" | "imagekitId">,
  url: string,
): Promise<string | undefined> {
  if (database === undefined) throw new Error("the data is not open before the server listens");
  if (!config.console) return undefined;
  const { imagekitId } = config;
  return makeConsoleLink(database, consoleAddress(config, url), { imagekitId, role: "full", lifeMs: startLinkMs });
}

/** Waits until load balancers have noticed that the server drains, or until the server has failed. */
async function drainDelay(ms: number, failed?: AbortSignal): Promise<void> {
  if (ms === 0) return;
  await sleep(ms, undefined, failed && { signal: failed }).catch(() => undefined);
}
