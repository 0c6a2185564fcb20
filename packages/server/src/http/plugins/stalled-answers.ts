import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import type { Config } from "../../config/config.ts";
import type { Limits } from "../../config/limits.ts";
import { isOut } from "../answers-under-way.ts";

/**
 * A page with a paused video reads nothing for minutes, and asks for the rest again where its connection has ended. So a
 * server that ends doesn't wait for such clients as long as for those that read. Node notices up to twice as late.
 */
const closingStallMs = 4000;

/**
 * Cuts off a client that stops reading its answer, or reads it drop by drop. Otherwise each client that asks for a
 * large file could hold a file and a connection, or a connection to the object store, for as long as it likes.
 */
export function cutStalledAnswers(app: FastifyInstance, { limits }: Pick<Config, "limits">): void {
  const watches = new Set<() => void>();
  let isClosing = false;
  const patienceMs = () => (isClosing ? Math.min(limits.stallMs, closingStallMs) : limits.stallMs);
  app.addHook("onSend", (request, { raw }, payload, done) => {
    // Most answers are out when this returns. Setting a timer for those too would add one to every request.
    done();
    if (isOut(raw)) return;
    // The timer starts again whenever bytes leave, and Node sets its own timer once the answer is out.
    const watch = () => void raw.off("timeout", cut).setTimeout(patienceMs(), cut);
    const cut = () => {
      // A slow source has the time that all requests in flight have.
      if (isClosing && !waitsForReader(raw)) watch();
      else raw.destroy();
    };
    watch();
    watches.add(watch);
    raw.once("close", () => {
      watches.delete(watch);
      raw.off("timeout", cut);
    });
    if (payload instanceof Readable) cutSlowReader(request.raw, raw, limits);
  });
  app.addHook("preClose", async () => {
    isClosing = true;
    for (const watch of watches) watch();
  });
}

function waitsForReader({ socket }: ServerResponse): boolean {
  return socket !== null && socket.writableLength > 0;
}

/**
 * Cuts the connection only where the answer waits for its reader: a slow source is not the client's fault, and has
 * bounds of its own.
 */
function cutSlowReader({ socket }: IncomingMessage, reply: ServerResponse, limits: Limits): void {
  const due = (limits.downloadBytesPerSecond * limits.stallMs) / 1000;
  let sent = reply.socket?.bytesWritten;
  const timer = setInterval(() => {
    if (sent !== undefined && reply.writableNeedDrain && socket.bytesWritten - sent < due) reply.destroy();
    sent = reply.socket?.bytesWritten;
  }, limits.stallMs).unref();
  reply.once("close", () => clearInterval(timer));
}
