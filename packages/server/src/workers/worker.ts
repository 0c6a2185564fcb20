import type { Logger } from "pino";
import { type DatabaseLocation, type DatabaseOptions, openDatabase, sqlitePath } from "../app/open-database.ts";
import { openParts, type Parts } from "../app/parts.ts";
import { openServer, type Server } from "../app/server.ts";
import type { Config } from "../config/config.ts";
import { openRemoteDatabase, type RemoteWriter } from "../database/sqlite/remote-database.ts";
import { Listener } from "../http/listener.ts";
import type { Peer } from "../ipc/peer.ts";
import { openJobSender } from "../jobs/open-queue.ts";
import type { JobSender } from "../jobs/postgres/postgres-job-sender.ts";
import type { MeasuredMetric } from "../observability/metric-sums.ts";
import type { Refusal, RefusalBook } from "../refusals/refusal.ts";
import type { ListeningAt, SupervisorCalls, WorkerCalls } from "./calls.ts";
import { RemoteMediaProcesses } from "./remote-media-processes.ts";

/** A worker's side of `WorkerCalls`. */
export interface WorkerServer {
  listen(): Promise<ListeningAt>;
  /** @param config has the keys for the secrets of origins, which a worker that listens first does not know yet */
  open(config: Config): Promise<void>;
  serve(): Promise<void>;
  metrics(): Promise<readonly MeasuredMetric[]>;
  refusals(accountId: string): readonly Refusal[];
  leave(): void;
  drain(idleMs: number): Promise<readonly MeasuredMetric[]>;
  /** The supervisor's questions about this worker's tasks. */
  readonly media: Pick<WorkerCalls, "prepareMedia" | "findAiPicture">;
}

export interface WorkerOptions {
  readonly config: Config;
  /** The worker's name in the log and in the metrics. */
  readonly name: string;
  readonly logger: Logger;
  readonly demoSecret: string;
}

/** Listens and answers requests in this process, one of several under a supervisor. */
export function createWorkerServer(options: WorkerOptions, supervisor: Peer<SupervisorCalls>): WorkerServer {
  const { config, logger } = options;
  const listener = new Listener(config, logger);
  const processes = new RemoteMediaProcesses(supervisor);
  let opened: Opened | undefined;
  return {
    media: processes.calls,
    async listen() {
      await listener.listen();
      return { url: listener.url, address: listener.address, port: listener.port };
    },
    async open(keyed) {
      opened = await openData({ ...options, config: keyed }, { supervisor, processes, listener });
    },
    async serve() {
      await opened?.server.serve();
    },
    metrics: async () => opened?.parts.metrics.registry.getMetricsAsJSON() ?? [],
    refusals: (accountId) => opened?.parts.refusals.here(accountId) ?? [],
    leave() {
      opened?.server.leave();
    },
    async drain(idleMs) {
      if (opened === undefined) {
        await listener.close(config.limits.shutdownMs);
        return [];
      }
      const { server, sender, parts } = opened;
      try {
        await server.drain(idleMs);
        return await parts.metrics.registry.getMetricsAsJSON();
      } finally {
        await server.close();
        await sender.close();
        await parts.close();
      }
    },
  };
}

interface Opened {
  readonly parts: Parts;
  readonly sender: JobSender;
  readonly server: Server;
}

interface WorkerContext {
  readonly supervisor: Peer<SupervisorCalls>;
  readonly processes: RemoteMediaProcesses;
  readonly listener: Listener;
}

async function openData(
  { config, name, logger, demoSecret }: WorkerOptions,
  { supervisor, processes, listener }: WorkerContext,
): Promise<Opened> {
  const parts = await openParts(config, {
    process: name,
    processes,
    open: (location, { onRead } = {}) => openShared(location, supervisor, onRead),
    logger,
  });
  let sender: JobSender | undefined;
  try {
    sender = await openJobSender({ ...parts, logger });
    const { registry } = parts.metrics;
    const ofAll = {
      contentType: registry.contentType,
      getMetricsAsJSON: () => registry.getMetricsAsJSON(),
      metrics: () => supervisor.call("metrics", undefined),
    };
    // The supervisor runs the jobs. On SQLite it also commits them, and nothing is announced here.
    parts.database.listen((job) => void supervisor.call("wake", job).catch(() => undefined));
    const metrics = { ...parts.metrics, registry: ofAll };
    const refusals: RefusalBook = {
      add: (accountId, refusal) => parts.refusals.add(accountId, refusal),
      of: (accountId) => supervisor.call("refusals", accountId),
    };
    const options = { config, logger, listener, demoSecret };
    return { parts, sender, server: await openServer({ ...parts, metrics, refusals }, options) };
  } catch (error) {
    await sender?.close();
    await parts.close();
    throw error;
  }
}

/**
 * Opens the database. Only the supervisor writes SQLite (docs/architecture.md decision 6), while every process writes
 * PostgreSQL.
 */
function openShared(
  location: DatabaseLocation,
  supervisor: Peer<SupervisorCalls>,
  onRead: DatabaseOptions["onRead"],
): ReturnType<typeof openDatabase> {
  if (location.databaseUrl !== undefined) return openDatabase(location, { onRead });
  const writer: RemoteWriter = {
    run: (tasks) => supervisor.call("run", tasks),
    check: () => supervisor.call("check", undefined),
  };
  return openRemoteDatabase(sqlitePath(location.dataDir), writer, onRead);
}
