import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";
import type { Config } from "../../config/config.ts";

/** How long a closed connection is kept open for reading, so that the answer in flight is not lost to a reset. */
const lingerMs = 2000;
/** How often the rate of a drain is looked at. */
const checkMs = 1000;

/**
 * A server that closes with bytes unread makes clients report a network error instead of the answer. So the answer is
 * sent at once, what is left of the body is read and thrown away within limits, and only then the connection is closed,
 * with a linger (design decision 10).
 */
export function drainRefused(app: FastifyInstance, { limits, fileSize }: Pick<Config, "limits" | "fileSize">): void {
  const maxBytes = Math.max(fileSize.file, fileSize.video);
  let drains = 0;
  app.addHook("onSend", async (request, reply) => {
    if (request.raw.complete || !expectsBody(request.raw)) return;
    const slot = drains < limits.drains;
    if (slot) {
      drains++;
      reply.raw.once("close", () => drains--);
    }
    drain(request.raw, reply.raw, { ...limits, maxBytes: slot ? maxBytes : 0 });
  });
}

function expectsBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

interface DrainLimits {
  readonly drainMs: number;
  readonly drainBytesPerSecond: number;
  readonly maxBytes: number;
}

function drain(request: IncomingMessage, reply: ServerResponse, limits: DrainLimits): void {
  const { socket } = request;
  const started = performance.now();
  let bytes = 0;
  const onData = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes > limits.maxBytes) giveUp();
  };
  const timer = setInterval(() => {
    const elapsed = performance.now() - started;
    const slow = elapsed > 2 * checkMs && bytes < (limits.drainBytesPerSecond * elapsed) / 1000;
    if (slow || elapsed > limits.drainMs) giveUp();
  }, checkMs).unref();
  const stop = (): void => {
    clearInterval(timer);
    request.off("data", onData);
  };
  const giveUp = (): void => {
    clearInterval(timer);
    // The answer has to be out before the end of the stream is announced behind it.
    if (reply.writableFinished) linger();
    else reply.once("finish", linger);
  };
  const linger = (): void => {
    socket.end();
    const last = setTimeout(() => socket.destroy(), lingerMs).unref();
    socket.once("close", () => clearTimeout(last));
  };
  request.once("end", stop);
  socket.once("close", stop);
  request.on("data", onData);
  request.resume();
}
