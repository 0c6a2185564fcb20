import { Readable } from "node:stream";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { DatabaseError } from "../../database/database.ts";
import { type Answer, standingHeaders } from "../../delivery/answer.ts";
import { refusalCacheControl } from "../../delivery/cache-control.ts";
import { type DeliveryServices, deliver } from "../../delivery/deliver.ts";
import { DeliveryRefusal, refusals } from "../../delivery/refusal.ts";
import { StorageError } from "../../storage/storage-error.ts";
import { whileConnected } from "../while-connected.ts";

/**
 * Where the app sends every delivery URL, so that the router decodes none of them; the route reads the target as it was
 * sent. Asked for from outside, it is a URL of the account `_sluice`, which can't exist.
 */
export const deliveryPath = "/_sluice/delivery";

const allowed = "GET, HEAD, OPTIONS";

/** `/<imagekitId>/**` (spec/delivery.md). */
export function deliveryRoute(services: DeliveryServices): FastifyPluginAsync {
  return async (app) => {
    app.register(
      async (scope) => {
        scope.addHook("onRequest", async (request, reply) => {
          reply.headers(standingHeaders);
          // Before a body is read, and for methods that the router doesn't know as well.
          if (!allowed.split(", ").includes(request.method)) {
            throw new DeliveryRefusal("METHOD_NOT_ALLOWED", { allow: allowed });
          }
        });
        // A preflight may bring a body, of which nobody wants to know anything.
        scope.removeAllContentTypeParsers();
        scope.addContentTypeParser("*", (_request, _payload, done) => done(null));
        scope.setErrorHandler((error, request, reply) => refuse(error, request, reply));
        scope.setNotFoundHandler((request, reply) => refuse(new DeliveryRefusal("NOT_FOUND"), request, reply));
        scope.options("/", sendPreflight);
        scope.route({
          method: ["GET", "HEAD"],
          url: "/",
          handler: (request, reply) =>
            whileConnected(reply, async (signal) => {
              const { originalUrl: target, headers, ip: address } = request;
              const method = request.method === "HEAD" ? "HEAD" : "GET";
              const answer = await deliver(services, { target, method, headers, address }, signal);
              return send(services, answer, request, reply, signal);
            }),
        });
      },
      { prefix: deliveryPath },
    );
  };
}

async function send(
  { images }: Pick<DeliveryServices, "images">,
  { status, headers, body }: Answer,
  request: FastifyRequest,
  reply: FastifyReply,
  signal: AbortSignal,
): Promise<FastifyReply> {
  const opened = request.method === "HEAD" ? undefined : typeof body === "function" ? await body(signal) : body;
  if (opened instanceof Readable) {
    opened.once("error", (error) => {
      // Before the headers it becomes a refusal; now all that is left is to cut the connection, which the reply does.
      // A client that has left is no error of the server's.
      if (reply.raw.headersSent && !signal.aborted) request.log.error({ err: error }, "a delivery broke off");
    });
  }
  if (opened instanceof Uint8Array && !signal.aborted) {
    reply.raw.once(
      "close",
      images.hold(opened, () => reply.raw.destroy()),
    );
  }
  return reply.code(status).headers(headers).send(opened);
}

async function sendPreflight(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return reply
    .code(204)
    .headers({
      "access-control-allow-methods": allowed,
      "access-control-allow-headers": request.headers["access-control-request-headers"] ?? "*",
      "access-control-max-age": "86400",
      vary: "Access-Control-Request-Headers",
    })
    .send();
}

/** What an answer may have announced of its body before that failed. */
const announced = [
  "accept-ranges",
  "content-disposition",
  "content-range",
  "content-security-policy",
  "etag",
  "last-modified",
  "vary",
];

function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = toRefusal(error);
  const { status, code, body, cache } = refusals[refusal.reason];
  const { message } = refusal;
  // Whoever asks for too much at a time must not fill the log as well: the metrics tell how often that was.
  const failed = status >= 500 && refusal.reason !== "BUSY";
  if (failed && !reply.raw.destroyed) request.log.error({ err: error }, message);
  for (const name of announced) reply.removeHeader(name);
  return reply
    .code(status)
    .headers({
      ...refusal.headers,
      ...(status === 503 && { "retry-after": "5" }),
      "cache-control": refusalCacheControl[cache],
      "content-type": "text/plain; charset=utf-8",
      "ik-error": `${code} - ${message}`,
    })
    .send(body);
}

function toRefusal(error: unknown): DeliveryRefusal {
  if (error instanceof DeliveryRefusal) return error;
  const passing = error instanceof DatabaseError || (error instanceof StorageError && error.code !== "BLOB_MISSING");
  return new DeliveryRefusal(passing ? "UNAVAILABLE" : "INTERNAL", {}, { cause: error });
}
