import type { Logger } from "pino";
import { noOpenAccounts } from "../accounts/open-accounts.ts";
import type { Config } from "../config/config.ts";
import { SealedSecrets } from "../endpoints/origins/sealed-secrets.ts";
import { Listener } from "../http/listener.ts";
import { MetricsListener } from "../http/metrics-listener.ts";
import { newSecret } from "../text/secrets.ts";
import { demoLink } from "../web/demo/demo-secret.ts";
import { type AppliedConfiguration, applyConfiguration, prepareKeys } from "./configuration/apply-configuration.ts";
import { consoleLink } from "./console-link.ts";
import { DataFolder } from "./data-folder.ts";
import { drainDelay } from "./drain-delay.ts";
import { type Jobs, openJobs } from "./open-jobs.ts";
import { openParts, type Parts } from "./parts.ts";
import { type RegisteredNode, registerNode } from "./register-node.ts";
import { findSecretsKeys, type ServerSecretsKeys } from "./secrets-keys/server-secrets-keys.ts";
import { openServer, type Server, type ServerOptions } from "./server.ts";
import type { Sluice } from "./sluice.ts";

export interface SingleProcessOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** Whether processes that decode are started before they are needed. */
  readonly keepsReady?: boolean;
  /** Ends the start while it waits for a database or a store. */
  readonly signal?: AbortSignal | undefined;
}

export interface SingleProcess extends Sluice {
  /**
   * Opens the data without listening yet, and finds out the keys. Adds the account and its first pair where they are
   * missing.
   */
  open(): Promise<void>;
}

/**
 * A server of one process that has not started. `listen()` opens the data once it has the address, and puts the
 * configuration in force once everything else has succeeded. So a start that fails changes nothing for a server that is
 * running.
 */
export function createSingleProcess(options: SingleProcessOptions): SingleProcess {
  const { config, logger, signal } = options;
  const listener = new Listener(config, logger);
  const metrics = new MetricsListener(config, logger);
  const folder = new DataFolder(logger);
  const demoSecret = newSecret();
  const open = () => openData(options, { listener, demoSecret }, folder);
  let data: OpenData | undefined;
  let known: Partial<AppliedConfiguration> = {};
  let starting: Promise<void> | undefined;
  let serving = false;
  let closing = false;
  let failed = false;

  async function start(): Promise<void> {
    await listener.listen();
    await metrics.listen();
    signal?.throwIfAborted();
    data ??= await open();
    if (closing) return;
    await data.jobs.start();
    if (closing) return;
    signal?.throwIfAborted();
    const applied = await applyConfiguration(data.parts.database, config, logger);
    known = { ...applied, keysAreNew: applied.keysAreNew || known.keysAreNew === true };
    await data.server.serve();
    metrics.serve(data.parts.metrics.registry);
    serving = true;
  }

  return {
    config,
    get url() {
      return listener.url;
    },
    get address() {
      return listener.address;
    },
    get demoLink() {
      return demoLink(listener.url, demoSecret);
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
      return data?.failed ?? new AbortController().signal;
    },
    consoleLink() {
      return consoleLink(data?.parts.database, config, listener.url);
    },
    async open() {
      data = await open();
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
      data.server.leave();
      await drainDelay(config.drainDelayMs, data.failed);
    },
    async close() {
      closing = true;
      await starting?.catch(() => undefined);
      const { shutdownMs } = config.limits;
      try {
        await Promise.all([
          data === undefined ? listener.close(shutdownMs) : data.server.drain(0),
          data?.jobs.stop(shutdownMs),
        ]);
      } finally {
        await data?.close();
        await metrics.close();
      }
      if (failed) await folder.takeBack();
    },
  };
}

interface OpenData {
  readonly parts: Parts;
  readonly secretsKeys: ServerSecretsKeys;
  readonly server: Server;
  readonly jobs: Jobs;
  readonly failed: AbortSignal;
  close(): Promise<void>;
}

async function openData(
  { config, logger, keepsReady = false, signal }: SingleProcessOptions,
  shown: Pick<ServerOptions, "listener" | "demoSecret">,
  folder: DataFolder,
): Promise<OpenData> {
  const prepareFolder = (path: string) => folder.prepare(path);
  const parts = await openParts(config, { prepareFolder, keepsReady, logger, signal, late: true });
  let node: RegisteredNode | undefined;
  try {
    node = await registerNode(parts, config);
    const secretsKeys = await findSecretsKeys(config, parts.database.reader, logger);
    const sealedSecrets = new SealedSecrets(secretsKeys.keys);
    const server = await openServer({ ...parts, sealedSecrets }, { config, logger, ...shown });
    const jobs = await openJobs(server.services, signal);
    return {
      parts,
      secretsKeys,
      server,
      jobs,
      failed: node.failed,
      async close() {
        await Promise.all([server.close(), jobs.close(), node?.close()]);
        await parts.close();
      },
    };
  } catch (error) {
    await node?.close();
    await parts.close();
    throw error;
  }
}
