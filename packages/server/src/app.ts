import { lookup } from "node:dns/promises";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { generateKeyPair, type KeyPair } from "./accounts/key-pair.ts";
import type { Config } from "./config/config.ts";
import { ConfigError } from "./config/config-error.ts";
import { resolveConfig } from "./config/resolve-config.ts";
import type { Settings } from "./config/settings.ts";
import { findKeyPair } from "./database/repositories/key-pairs.ts";
import { createApp } from "./http/create-app.ts";
import { openJobs } from "./jobs/open-jobs.ts";
import { Sweeper } from "./maintenance/sweeper.ts";
import { createLogger } from "./observability/logger.ts";
import { openParts } from "./parts.ts";
import type { Services } from "./services.ts";
import { makeDurableFolder } from "./storage/durable-folder.ts";
import { openUploadAdmission } from "./upload/admission/upload-admission.ts";

export interface SluiceOptions extends Settings {
  /** Where to log. Without one, nothing is logged unless `logLevel` says so. */
  readonly logger?: Logger;
}

export interface Sluice {
  /** Where it listens, as clients reach it, without a trailing slash. */
  readonly url: string;
  /** The configured key pair, or the account's newest. */
  readonly keys: KeyPair;
  /** Whether the pair was made just now: its private key has not been shown to anybody yet. */
  readonly keysAreNew: boolean;
  readonly config: Config;
  /** Aborted once only a new process can write to the database again; what can be read is still served. */
  readonly failed: AbortSignal;
  /** Rejects when the address can't be listened on; `close()` is due all the same. */
  listen(): Promise<void>;
  /** Takes nothing new, lets what is in flight finish within a limit, then lets go of everything. */
  close(): Promise<void>;
}

/**
 * A server in this process, not listening yet. A test suite that uploads can start one of its own:
 * `const sluice = await createSluice({ port: 0, dataDir }); await sluice.listen();`
 * @throws ConfigError when the settings can't be used; nothing has been made then
 */
export async function createSluice({ logger, ...settings }: SluiceOptions = {}): Promise<Sluice> {
  const config = resolveConfig(settings);
  const parts = await openParts(config, makeWritableFolder);
  try {
    const { keys, keysAreNew } = await prepareKeys(parts.database, config);
    let url = config.publicUrl ?? "";
    const services: Services = {
      ...parts,
      admission: await openUploadAdmission(config, config.dataDir),
      config,
      logger: logger ?? createLogger(settings.logLevel ?? "silent"),
      lifecycle: { draining: false },
      now: Date.now,
      publicUrl: () => url,
    };
    const app = createApp(services);
    const jobs = await openJobs(services);
    let sweeper: Sweeper | undefined;
    return {
      config,
      keys,
      keysAreNew,
      failed: parts.database.failed ?? new AbortController().signal,
      get url() {
        return url;
      },
      async listen() {
        // One address even where the name has two: fastify would put a second server on the other, which nobody set up.
        const host = config.host === "localhost" ? (await lookup("localhost")).address : config.host;
        await app.listen({ host, port: config.port });
        if (services.lifecycle.draining) return;
        url = config.publicUrl ?? addressOf(app, config.host);
        sweeper = new Sweeper(services);
        await jobs.start();
      },
      async close() {
        services.lifecycle.draining = true;
        const { shutdownMs } = config.limits;
        try {
          await Promise.all([closeApp(app, shutdownMs), jobs.stop(shutdownMs)]);
        } finally {
          await sweeper?.close();
          await jobs.close();
          await parts.close();
        }
      },
    };
  } catch (error) {
    await parts.close();
    throw error;
  }
}

async function makeWritableFolder(path: string): Promise<void> {
  await makeDurableFolder(path);
  // SQLite would open a read-only database all the same, and still refuse to write when it is writable again.
  await access(path, constants.W_OK | constants.X_OK);
}

async function prepareKeys(
  database: Services["database"],
  { imagekitId, keyPair }: Config,
): Promise<{ keys: KeyPair; keysAreNew: boolean }> {
  const outcome = await database.run("prepareAccount", {
    imagekitId,
    ...(keyPair === undefined ? {} : { configured: keyPair }),
    spare: generateKeyPair(),
    now: Date.now(),
  });
  if ("problem" in outcome) throw new ConfigError(`--public-key and --private-key: ${outcome.problem}`);
  const pair = await findKeyPair(database.reader, { public_key: outcome.publicKey });
  if (pair === undefined) throw new Error("the account has no key pair");
  return { keys: { publicKey: pair.public_key, privateKey: pair.private_key }, keysAreNew: outcome.madeSpare };
}

function addressOf(app: FastifyInstance, host: string): string {
  const { port } = app.server.address() as AddressInfo;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

async function closeApp(app: FastifyInstance, patienceMs: number): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), patienceMs);
  try {
    await app.close();
  } finally {
    clearTimeout(cut);
  }
}
