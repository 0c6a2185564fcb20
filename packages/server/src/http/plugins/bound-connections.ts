import type { Server, Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import { clientNetwork } from "../../network/client-network.ts";
import { expectsBody } from "../expects-body.ts";
import { SharedSlots, type Standing } from "../shared-slots.ts";

interface Known {
  readonly slots: SharedSlots<Socket>;
  /** Requests that are under way. */
  requests: number;
}

const known = new WeakMap<Socket, Known>();

/**
 * Bounds open connections: one more takes the place of another, or is closed. `maxConnections` would do the latter in a
 * server of one process; of several, they would hand it on to each other without end.
 */
export function boundConnections(server: Server, most: number): void {
  const slots = new SharedSlots<Socket>(most);
  server.on("connection", (socket: Socket) => {
    known.set(socket, { slots, requests: 0 });
    socket.once("close", () => slots.release(socket));
    slots.take(socket, clientNetwork(socket.remoteAddress ?? ""))?.destroy();
  });
}

/** Tells of an app's requests on bounded connections: one with a request under way gives way after the idle ones. */
export function watchConnections(app: FastifyInstance): void {
  app.addHook("onRequest", ({ raw }, _reply, done) => {
    const entry = known.get(raw.socket);
    if (entry !== undefined) entry.requests++;
    done();
  });
  // By now a body that is not read by the handler itself is here.
  app.addHook("preHandler", ({ raw }, _reply, done) => {
    if (raw.complete || !expectsBody(raw)) raiseStanding(raw.socket, "active");
    done();
  });
  app.addHook("onResponse", ({ raw }, _reply, done) => {
    const entry = known.get(raw.socket);
    // No hook has seen the beginning of a request whose target could not be read.
    if (entry !== undefined && entry.requests > 0 && --entry.requests === 0) entry.slots.rest(raw.socket);
    done();
  });
}

/** Something is under way on the connection that it is kept for; the end of the last answer ends that. */
export function raiseStanding(socket: Socket, standing: Exclude<Standing, "idle">): void {
  known.get(socket)?.slots.raise(socket, standing);
}
