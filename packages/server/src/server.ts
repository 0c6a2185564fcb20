import { lookup } from "node:dns/promises";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import type { Config } from "./config/config.ts";
import { countCommits } from "./database/count-commits.ts";
import { createApp } from "./http/create-app.ts";
import { Sweeper } from "./maintenance/sweeper.ts";
import type { Parts } from "./parts.ts";
import type { Services } from "./services.ts";
import { openUploadAdmission } from "./upload/admission/upload-admission.ts";
import { UploadsUnderWay } from "./upload/outcome/uploads-under-way.ts";

/** What answers requests, in one process; jobs are somebody else's. */
export interface Server {
  /** Where it listens, as clients reach it, without a trailing slash. */
  readonly url: string;
  /** 0 until it listens. */
  readonly port: number;
  readonly services: Services;
  /** Rejects when the address can't be listened on; `close()` is due all the same. */
  listen(): Promise<void>;
  /** Takes nothing new and lets what is in flight finish, within the limit. */
  drain(): Promise<void>;
  /** Afterwards; the parts are let go of by their owner. */
  close(): Promise<void>;
}

export async function openServer(parts: Parts, config: Config, logger: Logger): Promise<Server> {
  let url = config.publicUrl ?? "";
  const services: Services = {
    ...parts,
    database: countCommits(parts.database, parts.metrics),
    admission: await openUploadAdmission(config, config.dataDir),
    uploadsUnderWay: new UploadsUnderWay(),
    config,
    logger,
    lifecycle: { draining: false },
    now: Date.now,
    publicUrl: () => url,
  };
  const app = createApp(services);
  let sweeper: Sweeper | undefined;
  return {
    services,
    get url() {
      return url;
    },
    get port() {
      return portOf(app);
    },
    async listen() {
      // One address even where the name has two: fastify would put a second server on the other, which nobody set up.
      const host = config.host === "localhost" ? (await lookup("localhost")).address : config.host;
      await app.listen({ host, port: config.port });
      if (services.lifecycle.draining) return;
      url = config.publicUrl ?? addressOf(app, config.host);
      sweeper = new Sweeper(services);
    },
    async drain() {
      services.lifecycle.draining = true;
      await closeApp(app, config.limits.shutdownMs);
    },
    async close() {
      await sweeper?.close();
    },
  };
}

function portOf(app: FastifyInstance): number {
  return (app.server.address() as AddressInfo | null)?.port ?? 0;
}

function addressOf(app: FastifyInstance, host: string): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${portOf(app)}`;
}

async function closeApp(app: FastifyInstance, patienceMs: number): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), patienceMs);
  try {
    await app.close();
  } finally {
    clearTimeout(cut);
  }
}
