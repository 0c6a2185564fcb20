import type { Socket } from "node:net";

/** The time for which a connection is kept open for reading, so that the answer is not lost to a reset. */
const lingerMs = 1000;

/** Ends a connection with these last words, unless it has ended. What still comes is thrown away. */
export function endConnection(socket: Socket, text = ""): void {
  if (!socket.writable) return;
  socket.end(text);
  socket.resume();
  const last = setTimeout(() => socket.destroy(), lingerMs).unref();
  socket.once("close", () => clearTimeout(last));
}
