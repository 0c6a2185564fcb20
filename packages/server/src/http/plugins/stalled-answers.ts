import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import type { Config } from "../../config/config.ts";
import type { Limits } from "../../config/limits.ts";
import { isOut } from "../is-out.ts";

/**
 * Cuts off a client that stops reading its answer, or reads it drop by drop. Otherwise each client that asks for a
 * large file could hold a file and a connection, or a connection to the object store, for as long as it likes.
 */
export function cutStalledAnswers(app: FastifyInstance, { limits }: Pick<Config, "limits">): void {
  app.addHook("onSend", (request, { raw }, payload, done) => {
    // Most answers are out when this returns. Setting a timer for those too would add one to every request.
    done();
    if (isOut(raw)) return;
    // The timer starts again whenever bytes leave, and Node sets its own timer once the answer is out.
    raw.setTimeout(limits.stallMs, () => raw.destroy());
    if (payload instanceof Readable) cutSlowReader(request.raw, raw, limits);
  });
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
