import type { IncomingMessage } from "node:http";
import type { Server, Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import { clientNetwork } from "../../network/client-network.ts";
import { expectsBody } from "../expects-body.ts";
import { type ConnectionStanding, SharedSlots } from "../shared-slots.ts";

interface Known {
  readonly slots: SharedSlots<Socket>;
  /** The number of the running requests that have each standing. */
  readonly requests: Record<ConnectionStanding, number>;
}

const known = new WeakMap<Socket, Known>();
/** The standing of each running request. */
const standings = new WeakMap<IncomingMessage, ConnectionStanding>();

/**
 * Bounds open connections: one more takes the place of another, or is closed. `maxConnections` would close it too in a
 * server of one process, but several processes would hand it on to each other without end.
 */
export function boundConnections(server: Server, max: number): void {
  const slots = new SharedSlots<Socket>(max);
  server.on("connection", (socket: Socket) => {
    known.set(socket, { slots, requests: { idle: 0, active: 0, vouched: 0 } });
    socket.once("close", () => slots.release(socket));
    slots.take(socket, clientNetwork(socket.remoteAddress ?? ""))?.destroy();
  });
}

/**
 * Tracks an app's requests on bounded connections: a connection with a running request gives way after the idle ones.
 */
export function watchConnections(app: FastifyInstance): void {
  app.addHook("onRequest", ({ raw }, _reply, done) => {
    beginStanding(raw);
    done();
  });
  // By now the body has arrived, unless the handler reads it itself.
  app.addHook("preHandler", ({ raw }, _reply, done) => {
    if (raw.complete || !expectsBody(raw)) raiseStanding(raw, "active");
    done();
  });
  app.addHook("onResponse", ({ raw }, _reply, done) => {
    endStanding(raw);
    done();
  });
}

/** Begins the standing of a request. `endStanding` must end it with its answer. */
function beginStanding(request: IncomingMessage): void {
  const entry = known.get(request.socket);
  if (entry === undefined) return;
  standings.set(request, "idle");
  entry.requests.idle++;
}

/**
 * Says that the connection is kept for this request, until the request's answer ends. Another request on the same
 * connection, before or behind it, has a standing of its own: it may stand still for hours.
 */
export function raiseStanding(request: IncomingMessage, standing: Exclude<ConnectionStanding, "idle">): void {
  const entry = known.get(request.socket);
  const before = standings.get(request);
  // No hook has seen the beginning of a request whose target could not be read.
  if (entry === undefined || before === undefined || before === "vouched") return;
  standings.set(request, standing);
  entry.requests[before]--;
  entry.requests[standing]++;
  entry.slots.raise(request.socket, standing);
}

function endStanding(request: IncomingMessage): void {
  const entry = known.get(request.socket);
  const standing = standings.get(request);
  if (entry === undefined || standing === undefined) return;
  standings.delete(request);
  const before = highest(entry);
  entry.requests[standing]--;
  const after = highest(entry);
  if (after === before) return;
  entry.slots.rest(request.socket);
  if (after !== "idle") entry.slots.raise(request.socket, after);
}

function highest({ requests }: Known): ConnectionStanding {
  if (requests.vouched > 0) return "vouched";
  return requests.active > 0 ? "active" : "idle";
}
