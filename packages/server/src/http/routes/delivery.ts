import { SluiceError } from "@sluice/protocol";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import type { Config } from "../../config/config.ts";
import { isTrustedProxy } from "../../config/trust-proxy.ts";
import { DatabaseError } from "../../database/database.ts";
import type { Answer, Client, DeliveryRequest } from "../../delivery/answers/delivery.ts";
import { deliver } from "../../delivery/deliver.ts";
import { findEndpoint } from "../../delivery/find/find-endpoint.ts";
import { refusalCacheControl } from "../../delivery/headers/cache-control.ts";
import { standingHeaders } from "../../delivery/headers/standing-headers.ts";
import { bodyOf, DeliveryRefusal, refusals } from "../../delivery/refusals/refusal.ts";
import { RememberedAnswers } from "../../delivery/remembered-answers.ts";
import { splitEndpoint } from "../../delivery/url/delivery-url.ts";
import { StorageError } from "../../storage/storage-error.ts";
import type { DeliveryCounts } from "../../usage/delivery-counts.ts";
import { countedBody } from "../counted-body.ts";
import { isOut } from "../is-out.ts";
import type { NeedsOf } from "../needs-of.ts";
import { notOnConsoleHost } from "../plugins/console-host.ts";
import { sendError } from "../plugins/errors.ts";
import { noteRefusal } from "../refusal-reason.ts";
import { whileConnected } from "../while-connected.ts";
import { deliveryOperations } from "./delivery-operations.ts";

export type DeliveryRouteNeeds = NeedsOf<typeof deliver> &
  ConstructorParameters<typeof RememberedAnswers>[0] & {
    readonly config: Pick<Config, "trustProxy" | "countryHeader">;
    readonly deliveryCounts: Pick<DeliveryCounts, "add">;
  };

/**
 * The path to which the app rewrites every delivery URL, so that the router decodes none of them. The route reads the
 * target as it was sent. When a client asks for this path, it is a URL of the account `_sluice`, which can't exist.
 */
export const deliveryPath = "/_sluice/delivery";

const methods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);
const allowed = [...methods].join(", ");

/** `/<imagekitId>/**` (docs/protocol/delivery.md). */
export function deliveryRoute(services: DeliveryRouteNeeds): FastifyPluginAsync {
  const remembered = new RememberedAnswers(services);

  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const delivery = askedFor(request);
    const known = await remembered.check(delivery);
    if (known !== undefined) return sendBytes(services, known, request, reply);
    return whileConnected(reply, async (signal) => {
      const found = await deliver(services, { ...delivery, client: clientOf(services, request) }, signal);
      remembered.keep(delivery, found);
      return send(services, found, request, reply, signal);
    });
  }

  return async (app) => {
    app.register(
      async (scope) => {
        scope.addHook("onRequest", (request, reply, done) => {
          reply.headers(standingHeaders);
          if (delivers(request)) return done();
          // Checked before a body is read, and also for methods that the router doesn't know.
          checkMethod(services, request).then(() => done(), done);
        });
        // A preflight may bring a body, which nothing reads.
        scope.removeAllContentTypeParsers();
        scope.addContentTypeParser("*", (_request, _payload, done) => done(null));
        scope.setErrorHandler((error, request, reply) => refuse(services, error, request, reply));
        scope.setNotFoundHandler((request, reply) =>
          refuse(services, new DeliveryRefusal("NOT_FOUND"), request, reply),
        );
        scope.options("/", notOnConsoleHost, sendPreflight);
        scope.route({
          method: ["GET", "HEAD"],
          url: "/",
          config: { ...notOnConsoleHost.config, operation: deliveryOperations.deliver },
          handler: (request, reply) => {
            const known = remembered.recall(askedFor(request));
            if (known === undefined) return answer(request, reply);
            sendBytes(services, known, request, reply);
            // A promise would cost as much as finding the answer did.
            return undefined;
          },
        });
      },
      { prefix: deliveryPath },
    );
  };
}

function delivers({ method }: FastifyRequest): boolean {
  return method === "GET" || method === "HEAD";
}

/** @throws DeliveryRefusal ENDPOINT_NOT_FOUND outside every account, whatever the method; METHOD_NOT_ALLOWED */
async function checkMethod({ database }: Pick<DeliveryRouteNeeds, "database">, request: FastifyRequest): Promise<void> {
  const { originalUrl, method } = request;
  const { id } = await findEndpoint(database.reader, splitEndpoint(originalUrl).imagekitId);
  accounts.set(request, id);
  if (!methods.has(method)) throw new DeliveryRefusal("METHOD_NOT_ALLOWED", { allow: allowed });
}

function askedFor(request: FastifyRequest): DeliveryRequest {
  const { originalUrl: target, method, headers } = request;
  const onAccount = (id: string) => void accounts.set(request, id);
  return { target, method: method === "HEAD" ? "HEAD" : "GET", headers, onAccount };
}

/** The accounts for which requests are counted. */
const accounts = new WeakMap<FastifyRequest, string>();

/** The country is believed from a trusted proxy alone. A client could write the header itself. */
function clientOf(
  { config: { trustProxy, countryHeader } }: Pick<DeliveryRouteNeeds, "config">,
  { ip, headers, socket }: FastifyRequest,
): Client {
  const stated = countryHeader === undefined ? undefined : headers[countryHeader];
  const believed = stated !== undefined && isTrustedProxy(trustProxy, socket.remoteAddress ?? "");
  // The address of a client that has left is undefined, whatever the type says.
  return { address: ip ?? "", country: believed ? String(stated) : undefined };
}

async function send(
  services: Pick<DeliveryRouteNeeds, "deliveryCounts" | "images">,
  answer: Answer,
  request: FastifyRequest,
  reply: FastifyReply,
  signal: AbortSignal,
): Promise<FastifyReply> {
  const { status, headers, body } = answer;
  if (typeof body !== "function" || request.method === "HEAD") return sendBytes(services, answer, request, reply);
  const opened = await body(signal);
  opened.once("error", (error) => {
    // An error before the headers becomes a refusal. After them the connection can only be cut, which the reply does.
    // When the client has left, that is no error of the server's.
    if (reply.raw.headersSent && !signal.aborted)
      request.log.error({ err: error }, "a delivery ended before its last byte");
  });
  const count = counterOf(services, request, status, headers["content-type"]);
  const counted = countedBody(opened, (bytes, first) => count(first ? 1 : 0, bytes));
  return reply.code(status).headers(headers).send(counted);
}

/** Sends an answer that is in memory or has no body. */
function sendBytes(
  services: Pick<DeliveryRouteNeeds, "deliveryCounts" | "images">,
  { status, headers, body, held }: Answer,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const bytes = request.method !== "HEAD" && body instanceof Uint8Array ? body : undefined;
  if (!reply.raw.destroyed) {
    counterOf(services, request, status, headers["content-type"])(1, bytes?.length ?? 0);
  }
  reply.code(status).headers(headers).send(bytes);
  const { raw } = reply;
  // Nothing has to be held for a client that has left or has been sent the whole answer. A client that has left would
  // never release what is held, because no close event follows.
  if (bytes === undefined || raw.destroyed || isOut(raw)) return reply;
  raw.once(
    "close",
    services.images.hold(held ?? bytes, () => raw.destroy()),
  );
  return reply;
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

/** The headers by which an answer may have described its body before the body failed. */
const announced = [
  "accept-ranges",
  "content-disposition",
  "content-range",
  "content-security-policy",
  "etag",
  "last-modified",
  "vary",
];

/** Counts an answer for its account, and nothing outside of every account. */
function counterOf(
  { deliveryCounts }: Pick<DeliveryRouteNeeds, "deliveryCounts">,
  request: FastifyRequest,
  status: number,
  type: string | undefined,
): (requests: 0 | 1, bytes: number) => void {
  const accountId = accounts.get(request);
  if (accountId === undefined) return () => undefined;
  return (requests, bytes) => deliveryCounts.add({ accountId, status, type }, requests, bytes);
}

/** Refusals for which the account may not exist, or is closed. Nobody is asked to answer for them. */
const uncounted: ReadonlySet<string> = new Set(["ENDPOINT_NOT_FOUND", "ACCOUNT_DISABLED", "UNAVAILABLE", "INTERNAL"]);

function refuse(
  services: Pick<DeliveryRouteNeeds, "deliveryCounts">,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  // A refusal that any route may give, for a request that is no HTTP for example.
  if (error instanceof SluiceError) return refuseAnywhere(error, request, reply);
  const refusal = toRefusal(error);
  const { status, code, body } = refusals[refusal.reason];
  const { reason, message, cache } = refusal;
  noteRefusal(request, reason);
  // A client that asks for too much at a time must not fill the log as well. The metrics count such refusals.
  const failed = status >= 500 && reason !== "BUSY";
  if (failed && !reply.raw.destroyed) request.log.error({ err: error, reason }, message);
  for (const name of announced) reply.removeHeader(name);
  const text = bodyOf(refusal);
  const type = typeof body === "string" ? "text/plain" : "application/json";
  if (!uncounted.has(reason) && !reply.raw.destroyed) {
    const bytes = request.method === "HEAD" ? 0 : Buffer.byteLength(text);
    counterOf(services, request, status, type)(1, bytes);
  }
  return reply
    .code(status)
    .headers({
      ...refusal.headers,
      ...(status === 503 && { "retry-after": "5" }),
      "cache-control": refusalCacheControl[cache],
      "content-type": `${type}; charset=utf-8`,
      "ik-error": `${code} - ${message}`,
    })
    .send(text);
}

function refuseAnywhere(error: SluiceError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const code = error.status < 500 ? "EINVALID" : "UNIDENTIFIED";
  reply.headers({
    ...standingHeaders,
    "cache-control": refusalCacheControl.never,
    "ik-error": `${code} - ${error.message}`,
  });
  return sendError(error, request, reply);
}

function toRefusal(error: unknown): DeliveryRefusal {
  if (error instanceof DeliveryRefusal) return error;
  const passing = error instanceof DatabaseError || (error instanceof StorageError && error.code !== "BLOB_MISSING");
  return new DeliveryRefusal(passing ? "UNAVAILABLE" : "INTERNAL", {}, { cause: error });
}
