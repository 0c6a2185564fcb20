import { Peer, type Port } from "../ipc/peer.ts";
import { openLogDestination } from "../observability/log-destination.ts";
import { createLogger } from "../observability/logger.ts";
import { version } from "../observability/version.ts";
import type { SupervisorCalls, WorkerCalls, WorkerStart } from "./calls.ts";
import { restartSignal } from "./restart-signal.ts";
import { createWorkerServer, type WorkerServer } from "./worker.ts";

// A process that the supervisor starts. It ends when the channel to the supervisor does, which node:cluster sees to:
// without the process that writes, it could acknowledge nothing.

// A signal to the whole process group is meant for the supervisor, which tells its workers when to end.
for (const signal of ["SIGTERM", "SIGINT", restartSignal] as const) process.on(signal, () => undefined);

let server: WorkerServer | undefined;

/** The first two calls get the same server, whichever comes first. */
function serverFor({ config, logLevel, demoSecret, name, version: expected }: WorkerStart): WorkerServer {
  if (expected !== version) {
    throw new Error(`the program on the disk is version ${version}; a restart of the whole server takes it into use`);
  }
  server ??= createWorkerServer(
    { config, name, logger: createLogger(logLevel, openLogDestination(), { process: name }), demoSecret },
    supervisor,
  );
  return server;
}

function started(): WorkerServer {
  if (server === undefined) throw new Error("the worker has not started");
  return server;
}

const calls: WorkerCalls = {
  listen: (start) => serverFor(start).listen(),
  open: (start) => serverFor(start).open(start.config),
  serve: async () => server?.serve(),
  metrics: async () => server?.metrics() ?? [],
  refusals: async (accountId) => server?.refusals(accountId) ?? [],
  leave: async () => server?.leave(),
  drain: async ({ idleMs }) => server?.drain(idleMs) ?? [],
  prepareMedia: async (id) => started().media.prepareMedia(id),
  findAiPicture: async (asked) => started().media.findAiPicture(asked),
};

const supervisor = new Peer<SupervisorCalls>(process as Port, calls);
