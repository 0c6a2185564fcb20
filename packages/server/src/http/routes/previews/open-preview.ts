import type { FastifyInstance, FastifyRequest } from "fastify";
import { deliverPreview } from "../../../delivery/deliver.ts";
import { commonHeaders } from "../../../delivery/headers/conditional.ts";
import type { PresentedLink, PreviewRequest } from "../../../delivery/links/previews.ts";
import { notOnConsoleHost } from "../../plugins/console-host.ts";
import { clientOf, countFor, findAndSend, refuseDelivery } from "../../send-delivery.ts";
import { whileConnected } from "../../while-connected.ts";
import { deliveryOperations } from "../delivery-operations.ts";
import type { PreviewRoutesNeeds } from "./needs.ts";

/**
 * A preview's link is answered as the file's own URL is, with the same headers and on the same hosts. The route reads no
 * cookie and no key.
 */
export function openPreviewRoute(app: FastifyInstance, services: PreviewRoutesNeeds): void {
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
