import type { IncomingMessage } from "node:http";
import type { Server, Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import { type ConnectionPriority, SharedSlots } from "../../concurrency/shared-slots.ts";
import { clientNetwork } from "../../network/client-network.ts";
import { expectsBody } from "../request-body.ts";

interface Known {
  readonly slots: SharedSlots<Socket>;
  /** The priority of each running request. */
  readonly requests: Map<IncomingMessage, ConnectionPriority>;
}

const known = new WeakMap<Socket, Known>();

/**
 * Bounds open connections: one more takes the place of another, or is closed. `maxConnections` would close it too in a
 * server of one process, but several processes would hand it on to each other without end.
 */
export function boundConnections(server: Server, max: number): void {
  const slots = new SharedSlots<Socket>(max);
  server.on("connection", (socket: Socket) => {
    known.set(socket, { slots, requests: new Map() });
    socket.once("close", () => slots.release(socket));
    slots.take(socket, clientNetwork(socket.remoteAddress ?? ""))?.destroy();
  });
}

/**
 * Tracks an app's requests on bounded connections: a connection with a running request gives way after the idle ones.
 */
export function watchConnections(app: FastifyInstance): void {
  app.addHook("onRequest", ({ raw }, _reply, done) => {
    beginPriority(raw);
    done();
  });
  // By now the body has arrived, unless the handler reads it itself.
  app.addHook("preHandler", ({ raw }, _reply, done) => {
    if (raw.complete || !expectsBody(raw)) raisePriority(raw, "active");
    done();
  });
  app.addHook("onResponse", ({ raw }, _reply, done) => {
    endPriority(raw);
    done();
  });
}

/** Begins the priority of a request. `endPriority` must end it with its answer. */
function beginPriority(request: IncomingMessage): void {
  known.get(request.socket)?.requests.set(request, "idle");
}

/**
 * Says that the connection is kept for this request, until the request's answer ends. Another request on the same
 * connection, before or behind it, has a priority of its own: it may stand still for hours.
 */
export function raisePriority(request: IncomingMessage, priority: Exclude<ConnectionPriority, "idle">): void {
  const entry = known.get(request.socket);
  const before = entry?.requests.get(request);
  // No hook has seen the beginning of a request whose target could not be read.
  if (entry === undefined || before === undefined || before === "authenticated") return;
  entry.requests.set(request, priority);
  entry.slots.rank(request.socket, highest(entry));
}

function endPriority(request: IncomingMessage): void {
  const entry = known.get(request.socket);
  if (entry?.requests.delete(request)) entry.slots.rank(request.socket, highest(entry));
}

function highest({ requests }: Known): ConnectionPriority {
  const priorities = [...requests.values()];
  return (["authenticated", "active"] as const).find((each) => priorities.includes(each)) ?? "idle";
}
