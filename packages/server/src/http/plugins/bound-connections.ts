import type { Server, Socket } from "node:net";

/**
 * Closes one connection more than that. `maxConnections` would do so in a server of one process; of several, they would
 * hand it on to each other without end.
 */
export function boundConnections(server: Server, most: number): void {
  let open = 0;
  server.on("connection", (socket: Socket) => {
    open++;
    socket.once("close", () => {
      open--;
    });
    if (open > most) socket.destroy();
  });
}
