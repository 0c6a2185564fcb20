import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";

/**
 * Closes one connection more than that. `maxConnections` would do so in a server of one process; of several, they would
 * hand it on to each other without end.
 */
export function boundConnections(app: FastifyInstance, most: number): void {
  let open = 0;
  app.server.on("connection", (socket: Socket) => {
    open++;
    socket.once("close", () => {
      open--;
    });
    if (open > most) socket.destroy();
  });
}
