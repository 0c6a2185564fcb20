import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import type { Config } from "../../config/config.ts";
import { deliver } from "../../delivery/deliver.ts";
import type { DeliveryRequest } from "../../delivery/delivery.ts";
import { findEndpoint } from "../../delivery/find/enter.ts";
import { commonHeaders } from "../../delivery/headers/conditional.ts";
import { DeliveryRefusal } from "../../delivery/refusals/refusal.ts";
import type { RememberedAnswers } from "../../delivery/remembered-answers.ts";
import { splitEndpoint } from "../../delivery/url/delivery-url.ts";
import type { DepsOf } from "../add-route.ts";
import { notOnConsoleHost } from "../plugins/console-host.ts";
import { preflightHeaders } from "../plugins/cors.ts";
import {
  clientOf,
  countFor,
  findAndSend,
  refuseDelivery,
  type SendingDeps,
  sendDeliveryBytes,
} from "../send-delivery.ts";
import { whileConnected } from "../while-connected.ts";
import { deliveryOperations } from "./delivery-operations.ts";

export type DeliveryRouteDeps = DepsOf<typeof deliver> &
  SendingDeps & {
    readonly rememberedAnswers: Pick<RememberedAnswers, "check" | "keep">;
    readonly config: Pick<Config, "trustProxy" | "countryHeader">;
  };

/**
 * The path to which the app rewrites every delivery URL, so that the router decodes none of them. The route reads the
 * target as it was sent. When a client asks for this path, it is a URL of the account `_sluice`, which can't exist.
 */
export const deliveryPath = "/_sluice/delivery";

const methods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);
const allowed = [...methods].join(", ");

/** `/<imagekitId>/**` (docs/protocol/delivery.md). */
export function deliveryRoute(services: DeliveryRouteDeps): FastifyPluginAsync {
  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const delivery = askedFor(request);
    const known = await services.rememberedAnswers.check(delivery);
    if (known !== undefined) return sendDeliveryBytes(services, known, request, reply);
    return whileConnected(reply, (signal) => {
      const find = async () => {
        const found = await deliver(services, { ...delivery, client: clientOf(services, request) }, signal);
        services.rememberedAnswers.keep(delivery, found);
        return found;
      };
      return findAndSend(services, find, request, reply, signal);
    });
  }

  return async (app) => {
    app.register(
      async (scope) => {
        scope.addHook("onRequest", (request, reply, done) => {
          reply.headers(commonHeaders);
          if (delivers(request)) return done();
          // Checked before a body is read, and also for methods that the router doesn't know.
          checkMethod(services, request).then(() => done(), done);
        });
        // A preflight may bring a body, which nothing reads.
        scope.removeAllContentTypeParsers();
        scope.addContentTypeParser("*", (_request, _payload, done) => done(null));
        scope.setErrorHandler((error, request, reply) => refuseDelivery(services, error, request, reply));
        scope.setNotFoundHandler((request, reply) =>
          refuseDelivery(services, new DeliveryRefusal("NOT_FOUND"), request, reply),
        );
        scope.options("/", notOnConsoleHost, sendPreflight);
        scope.route({
          method: ["GET", "HEAD"],
          url: "/",
          config: { ...notOnConsoleHost.config, operation: deliveryOperations.deliver },
          handler: answer,
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
async function checkMethod({ database }: Pick<DeliveryRouteDeps, "database">, request: FastifyRequest): Promise<void> {
  const { originalUrl, method } = request;
  const { id } = await findEndpoint(database.reader, splitEndpoint(originalUrl).imagekitId);
  countFor(request, id);
  if (!methods.has(method)) throw new DeliveryRefusal("METHOD_NOT_ALLOWED", { allow: allowed });
}

function askedFor(request: FastifyRequest): DeliveryRequest {
  const { originalUrl: target, method, headers } = request;
  const onAccount = (id: string) => countFor(request, id);
  return { target, requestId: request.id, method: method === "HEAD" ? "HEAD" : "GET", headers, onAccount };
}

async function sendPreflight(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return reply.code(204).headers(preflightHeaders(request, allowed)).send();
}
