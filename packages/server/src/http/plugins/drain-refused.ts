import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { SharedSlots } from "../../concurrency/shared-slots.ts";
import type { Config } from "../../config/config.ts";
import { largestFile } from "../../config/plans.ts";
import { clientNetwork } from "../../network/client-network.ts";
import { expectsBody } from "../request-body.ts";

/**
 * The time for which a closed connection is kept open for reading, so that the answer in flight is not lost to a reset.
 */
const lingerMs = 2000;
/** The interval at which the rate of a drain is checked. */
const checkMs = 1000;

/**
 * A server that closes with bytes unread makes clients report a network error instead of the answer. So the answer is
 * sent at once, and the rest of the body is read and thrown away within limits. Only then the connection is closed,
 * with a linger (docs/architecture.md decision 10).
 */
export function drainRefused(app: FastifyInstance, { limits, fileSize }: Pick<Config, "limits" | "fileSize">): void {
  const maxBytes = largestFile(fileSize);
  const slots = new SharedSlots<Drain>(limits.drains);
  let closing = false;
  app.addHook("preClose", (done) => {
    closing = true;
    done();
  });
  app.addHook("onSend", (request, reply, _payload, done) => {
    const { raw } = request;
    const unread = (): boolean => !raw.complete && raw.socket.destroyed === false && expectsBody(raw);
    // A slot is released at the end of the request or of its connection. The connection of a client that has gone has
    // ended already, and an injected request, which has no network, never ends.
    if (!unread()) return done();
    // A body that came with its headers is complete once Node has handed out all that it has read.
    process.nextTick(() => {
      if (unread()) drainRest(request, reply);
      done();
    });
  });

  function drainRest({ raw, ip }: FastifyRequest, reply: FastifyReply): void {
    // A connection that is to close with its answer would be closed over the unread bytes, so it stays until they are
    // read. Where the framework closes it only because bytes would be left unread, it is as good as before once they
    // are read.
    const { shouldKeepAlive } = reply.raw;
    reply.raw.shouldKeepAlive = true;
    if (reply.hasHeader("connection")) reply.removeHeader("connection");
    const drain: Drain = {
      ...limits,
      maxBytes,
      // The server may begin to close while the rest is read. It leaves a busy connection open, so the drain has to
      // close it.
      closes: () => closing || !shouldKeepAlive,
      released: () => slots.release(drain),
    };
    const without = slots.take(drain, clientNetwork(ip));
    if (without !== undefined) without.maxBytes = 0;
    slots.rank(drain, "active");
    readOn(raw, reply.raw, drain);
  }
}

interface Drain {
  readonly drainMs: number;
  readonly drainBytesPerSecond: number;
  /** 0 once another drain has its slot. */
  maxBytes: number;
  /** Whether the connection ends with this request. */
  readonly closes: () => boolean;
  /** Called once, when nothing more is read for this request. */
  readonly released: () => void;
}

function readOn(request: IncomingMessage, reply: ServerResponse, options: Drain): void {
  const { socket } = request;
  const started = performance.now();
  let bytes = 0;
  let givenUp = false;
  const onData = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes > options.maxBytes) giveUp();
  };
  const timer = setInterval(() => {
    const elapsed = performance.now() - started;
    const slow = elapsed > 2 * checkMs && bytes < (options.drainBytesPerSecond * elapsed) / 1000;
    if (slow || elapsed > options.drainMs) giveUp();
  }, checkMs).unref();
  const stop = (): void => {
    clearInterval(timer);
    request.off("data", onData).off("end", onEnd);
    socket.off("close", stop);
    options.released();
  };
  const onEnd = (): void => {
    stop();
    if (!givenUp && options.closes()) onceSent(reply, () => linger(socket));
  };
  const giveUp = (): void => {
    if (givenUp) return;
    givenUp = true;
    clearInterval(timer);
    onceSent(reply, () => linger(socket));
  };
  request.once("end", onEnd);
  socket.once("close", stop);
  request.on("data", onData);
  request.resume();
}

/** The answer has to be out before the end of the stream is announced behind it. */
function onceSent(reply: ServerResponse, next: () => void): void {
  if (reply.writableFinished) next();
  else reply.once("finish", next);
}

function linger(socket: Socket): void {
  socket.end();
  const last = setTimeout(() => socket.destroy(), lingerMs).unref();
  socket.once("close", () => clearTimeout(last));
}
