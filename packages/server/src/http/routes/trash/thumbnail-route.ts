import { SluiceError } from "@sluice/protocol";
import { operations } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync } from "fastify";
import type { Config } from "../../../config/config.ts";
import { deliverTrashedThumbnail } from "../../../delivery/deliver.ts";
import { sandboxPolicy } from "../../../delivery/headers/conditional.ts";
import { DeliveryRefusal } from "../../../delivery/refusals/refusal.ts";
import { refusals } from "../../../delivery/refusals/refusal-table.ts";
import { parseThumbnailSide } from "../../../library/trash/parse-requests.ts";
import { addRoute } from "../../add-route.ts";
import type { NeedsOf } from "../../needs-of.ts";
import { type AuthNeeds, principalOfRequest, requireBasicAuth } from "../../plugins/basic-auth.ts";
import { clientOf, countFor, findAndSend, type SendingNeeds } from "../../send-delivery.ts";
import { whileConnected } from "../../while-connected.ts";

export type TrashThumbnailNeeds = AuthNeeds &
  SendingNeeds &
  NeedsOf<typeof deliverTrashedThumbnail> & { readonly config: Pick<Config, "trustProxy" | "countryHeader"> };

/** Whatever the bytes are, a browser runs nothing of them, and other sites' pages can't show them. */
const pictureHeaders = {
  "x-content-type-options": "nosniff",
  "content-security-policy": sandboxPolicy,
  "cross-origin-resource-policy": "same-origin",
} as const;

/** The thumbnails of files in the trash, for whoever may read the list of the trash (docs/trash.md). */
export function trashThumbnailRoute(services: TrashThumbnailNeeds): FastifyPluginAsync {
  return async (app) => {
    requireBasicAuth(app, services);
    addRoute(app, operations.getTrashedThumbnail, async (request, reply) => {
      const { accountId } = principalOfRequest(request);
      const asked = {
        accountId,
        fileId: request.params.fileId,
        side: parseThumbnailSide(request.query),
        accept: request.headers.accept,
        client: clientOf(services, request),
      };
      countFor(request, accountId);
      reply.headers(pictureHeaders);
      return whileConnected(reply, (signal) =>
        findAndSend(
          services,
          () => deliverTrashedThumbnail(services, asked, signal).catch(refuseThumbnail),
          request,
          reply,
          signal,
        ),
      );
    });
  };
}

/** Says in the words of the server's own API why there is no thumbnail. Other errors are rethrown. */
function refuseThumbnail(error: unknown): never {
  if (!(error instanceof DeliveryRefusal)) throw error;
  const isBusy = refusals[error.reason].status >= 500 || error.reason === "TRANSFORMATION_TIME";
  throw new SluiceError(isBusy ? "SERVER_BUSY" : "THUMBNAIL_NOT_FOUND", {}, { cause: error });
}
