import { openLogDestination } from "../observability/log-destination.ts";
import { createLogger } from "../observability/logger.ts";
import type { SupervisorCalls, WorkerCalls, WorkerStart } from "./calls.ts";
import { Peer, type Port } from "./peer.ts";
import { createWorkerServer, type WorkerServer } from "./worker.ts";

// A process that the supervisor starts. It ends when the channel to the supervisor does, which node:cluster sees to:
// without the process that writes, it could acknowledge nothing.

// A signal to the whole process group is meant for the supervisor, which tells its workers when to end.
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => undefined);

let server: WorkerServer | undefined;

/** The first two calls get the same server, whichever comes first. */
function serverFor({ config, logLevel, name }: WorkerStart): WorkerServer {
  server ??= createWorkerServer(
    config,
    name,
    createLogger(logLevel, openLogDestination(), { process: name }),
    supervisor,
  );
  return server;
}

const calls: WorkerCalls = {
  listen: (start) => serverFor(start).listen(),
  open: (start) => serverFor(start).open(),
  serve: async () => server?.serve(),
  metrics: async () => server?.metrics() ?? [],
  refusals: async (accountId) => server?.refusals(accountId) ?? [],
  drain: async () => server?.drain(),
};

const supervisor = new Peer<SupervisorCalls>(process as Port, calls);
