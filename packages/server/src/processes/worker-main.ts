import { openLogDestination } from "../observability/log-destination.ts";
import { createLogger } from "../observability/logger.ts";
import type { SupervisorCalls, WorkerCalls } from "./calls.ts";
import { Peer, type Port } from "./peer.ts";
import { startWorker, type WorkerServer } from "./worker.ts";

// A process that the supervisor starts. It ends with the channel to the supervisor, which node:cluster sees to: without
// the one that writes it could acknowledge nothing.

// Whoever signals the whole group means the supervisor, which tells its workers when to end.
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => undefined);

let server: WorkerServer | undefined;

const calls: WorkerCalls = {
  async start({ config, logLevel, name }) {
    const logger = createLogger(logLevel, openLogDestination(), { process: name });
    server = await startWorker(config, name, logger, supervisor);
    return server.at;
  },
  metrics: async () => server?.metrics(undefined) ?? [],
  drain: async () => server?.drain(undefined),
};

const supervisor = new Peer<SupervisorCalls>(process as Port, calls);
