import type { IncomingMessage } from "node:http";
import type { Server, Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import { type ConnectionPriority, SharedSlots } from "../../concurrency/shared-slots.ts";
import { clientNetwork } from "../../network/client-network.ts";
import { expectsBody } from "../expects-body.ts";

interface Known {
  readonly slots: SharedSlots<Socket>;
  /** The number of the running requests that have each priority. */
  readonly requests: Record<ConnectionPriority, number>;
}

const known = new WeakMap<Socket, Known>();
/** The priority of each running request. */
const priorities = new WeakMap<IncomingMessage, ConnectionPriority>();

/**
 * Bounds open connections: one more takes the place of another, or is closed. `maxConnections` would close it too in a
 * server of one process, but several processes would hand it on to each other without end.
 */
export function boundConnections(server: Server, max: number): void {
  const slots = new SharedSlots<Socket>(max);
  server.on("connection", (socket: Socket) => {
    known.set(socket, { slots, requests: { idle: 0, active: 0, authenticated: 0 } });
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
  const entry = known.get(request.socket);
  if (entry === undefined) return;
  priorities.set(request, "idle");
  entry.requests.idle++;
}

/**
 * Says that the connection is kept for this request, until the request's answer ends. Another request on the same
 * connection, before or behind it, has a priority of its own: it may stand still for hours.
 */
export function raisePriority(request: IncomingMessage, priority: Exclude<ConnectionPriority, "idle">): void {
  const entry = known.get(request.socket);
  const before = priorities.get(request);
  // No hook has seen the beginning of a request whose target could not be read.
  if (entry === undefined || before === undefined || before === "authenticated") return;
  priorities.set(request, priority);
  entry.requests[before]--;
  entry.requests[priority]++;
  entry.slots.raise(request.socket, priority);
}

function endPriority(request: IncomingMessage): void {
  const entry = known.get(request.socket);
  const priority = priorities.get(request);
  if (entry === undefined || priority === undefined) return;
  priorities.delete(request);
  const before = highest(entry);
  entry.requests[priority]--;
  const after = highest(entry);
  if (after === before) return;
  entry.slots.rest(request.socket);
  if (after !== "idle") entry.slots.raise(request.socket, after);
}

function highest({ requests }: Known): ConnectionPriority {
  if (requests.authenticated > 0) return "authenticated";
  return requests.active > 0 ? "active" : "idle";
}
