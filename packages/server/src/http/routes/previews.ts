import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from "fastify";
import type { Config } from "../../config/config.ts";
import { deliverPreview } from "../../delivery/deliver.ts";
import { commonHeaders } from "../../delivery/headers/conditional.ts";
import type { PresentedLink, PreviewRequest } from "../../delivery/links/previews.ts";
import { makePreviews } from "../../delivery/links/previews.ts";
import { parsePreviews, parseSignatures, signUrls } from "../../delivery/links/sign-urls.ts";
import { addRoute, type DepsOf } from "../add-route.ts";
import { jsonObjectOf, keepBodiesRaw } from "../json-body.ts";
import { type AuthDeps, principalOfRequest, requireBasicAuth } from "../plugins/basic-auth.ts";
import { notOnConsoleHost } from "../plugins/console-host.ts";
import { clientOf, countFor, findAndSend, refuseDelivery, type SendingDeps } from "../send-delivery.ts";
import { whileConnected } from "../while-connected.ts";
import { deliveryOperations } from "./delivery-operations.ts";

type PreviewsDeps = AuthDeps &
  SendingDeps &
  DepsOf<typeof deliverPreview> &
  DepsOf<typeof makePreviews> &
  DepsOf<typeof signUrls> & { readonly config: Pick<Config, "trustProxy" | "countryHeader"> };

/** Links that open private files and drafts for a while, and signatures of delivery URLs (docs/signed-urls.md). */
export function previewsRoutes(services: PreviewsDeps): FastifyPluginAsync {
  return async (app) => {
    app.register(async (inside) => {
      requireBasicAuth(inside, services);
      keepBodiesRaw(inside);
      addRoute(inside, operations.makePreviews, async (request, reply) => {
        reply.header("cache-control", "no-store");
        return makePreviews(services, principalOfRequest(request), parsePreviews(jsonObjectOf(request.body)));
      });
      addRoute(inside, operations.signUrls, async (request, reply) => {
        reply.header("cache-control", "no-store");
        return signUrls(services, principalOfRequest(request), parseSignatures(jsonObjectOf(request.body)));
      });
    });
    app.register(async (outside) => openPreviewRoute(outside, services));
  };
}

/**
 * A preview's link is answered as the file's own URL is, with the same headers and on the same hosts. The route reads no
 * cookie and no key.
 */
function openPreviewRoute(app: FastifyInstance, services: PreviewsDeps): void {
  app.addHook("onRequest", async (_request, reply) => void reply.headers(commonHeaders));
  app.setErrorHandler((error, request, reply) => refuseDelivery(services, error, request, reply));
  app.route({
    method: ["GET", "HEAD"],
    url: deliveryOperations.openPreview.path,
    config: { ...notOnConsoleHost.config, operation: deliveryOperations.openPreview },
    handler: (request, reply) =>
      whileConnected(reply, async (signal) => {
        const asked: PreviewRequest = {
          link: linkOf(request),
          method: request.method === "HEAD" ? "HEAD" : "GET",
          headers: request.headers,
          client: clientOf(services, request),
          onAccount: (id) => countFor(request, id),
        };
        return findAndSend(services, () => deliverPreview(services, asked, signal), request, reply, signal);
      }),
  });
}

/** A parameter that is there twice is no text, and fits nothing. */
function linkOf({ params, query }: FastifyRequest): PresentedLink {
  const { imagekitId, versionId } = params as Readonly<Record<"imagekitId" | "versionId", string>>;
  const { expires, signature, side, page } = query as Readonly<Record<string, unknown>>;
  return {
    imagekitId,
    versionId,
    expires: String(expires),
    signature: String(signature),
    side: side === undefined ? undefined : String(side),
    page: page === undefined ? undefined : String(page),
  };
}
