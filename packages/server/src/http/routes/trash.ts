import { SluiceError } from "@sluice/protocol";
import { operations, type TrashList } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import type { Config } from "../../config/config.ts";
import { deliverTrashedThumbnail } from "../../delivery/deliver.ts";
import { sandboxPolicy } from "../../delivery/headers/common-headers.ts";
import { DeliveryRefusal } from "../../delivery/refusals/refusal.ts";
import { refusals } from "../../delivery/refusals/refusal-table.ts";
import { eventContextOf } from "../../events/event-context.ts";
import {
  deleteFromTrash,
  emptyTrash,
  listTrash,
  restoreFiles,
  type TrashCaller,
} from "../../library/trash/manage-trash.ts";
import type { TrashNeeds } from "../../library/trash/needs.ts";
import {
  parseEmptying,
  parsePermanent,
  parseRestoration,
  parseThumbnailSide,
  parseTrashListing,
  writeTrashCursor,
} from "../../library/trash/parse-requests.ts";
import { trashedFileObject } from "../../library/trash/trashed-file.ts";
import { invalidParameter } from "../../text/parameter.ts";
import { addRoute, type NeedsOf } from "../add-route.ts";
import { jsonObjectOf, keepBodiesRaw } from "../json-body.ts";
import { type AuthNeeds, principalOfRequest, requireBasicAuth } from "../plugins/basic-auth.ts";
import { clientOf, countFor, findAndSend, type SendingNeeds } from "../send-delivery.ts";
import { whileConnected } from "../while-connected.ts";

type TrashRoutesNeeds = AuthNeeds &
  TrashNeeds & {
    /** The address under which clients reach this server, without a trailing slash. */
    readonly publicUrl: () => string;
  };

type TrashThumbnailNeeds = AuthNeeds &
  SendingNeeds &
  NeedsOf<typeof deliverTrashedThumbnail> & { readonly config: Pick<Config, "trustProxy" | "countryHeader"> };

/** The files that were deleted and can still be restored (docs/trash.md). */
export function trashRoutes(services: TrashRoutesNeeds): FastifyPluginAsync {
  /** The account whose trash a request is about, and the endpoints that are told of its changes. */
  function callerOf(request: FastifyRequest): TrashCaller {
    const principal = principalOfRequest(request);
    return { accountId: principal.accountId, events: eventContextOf(principal, services.publicUrl()) };
  }

  return async (app) => {
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    addRoute(app, operations.listTrash, async (request) => {
      const { accountId } = principalOfRequest(request);
      const { files, next } = await listTrash(services, accountId, parseTrashListing(request.query));
      return {
        files: files.map(trashedFileObject),
        nextCursor: next === undefined ? null : writeTrashCursor(next),
      } satisfies TrashList;
    });
    addRoute(app, operations.restoreFromTrash, async (request, reply) => {
      const fileIds = parseRestoration(jsonObjectOf(request.body));
      const caller = callerOf(request);
      const { restored, errors } = await whileConnected(reply, (signal) =>
        restoreFiles(services, caller, fileIds, signal),
      );
      if (errors.length === 0) return { restored };
      const shown = errors.map(({ fileId, error }) => ({ fileId, ...error.toJSON() }));
      return reply.code(207).send({ restored, errors: shown });
    });
    addRoute(app, operations.emptyTrash, async (request) => {
      const selection = parseEmptying(jsonObjectOf(request.body));
      const caller = callerOf(request);
      if (selection === "all") return { completed: !(await emptyTrash(services, caller)).isUnderWay };
      await deleteFromTrash(services, caller, selection);
      return { completed: true };
    });
  };
}

/**
 * The time for which the files that a request deletes stay in the trash; null if they are deleted for good.
 * @throws SluiceError PARAMETER_INVALID for a query that the operation doesn't have
 */
export function trashMsFor(
  { config: { trash } }: { readonly config: Pick<Config, "trash"> },
  query: Readonly<Record<string, unknown>>,
): number | null {
  const permanent = parsePermanent(query);
  if (permanent === undefined) return trash.standardMs;
  if (permanent) return null;
  if (trash.askedMs === null)
    throw invalidParameter("permanent", "It can't be false, because the trash is switched off.");
  return trash.askedMs;
}

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
      return whileConnected(reply, (signal) => {
        const find = () => deliverTrashedThumbnail(services, asked, signal).catch(refuseThumbnail);
        return findAndSend(services, find, request, reply, signal);
      });
    });
  };
}

/** Says in the words of the server's own API why there is no thumbnail. Other errors are rethrown. */
function refuseThumbnail(error: unknown): never {
  if (!(error instanceof DeliveryRefusal)) throw error;
  const isBusy = refusals[error.reason].status >= 500 || error.reason === "TRANSFORMATION_TIME";
  throw new SluiceError(isBusy ? "SERVER_BUSY" : "THUMBNAIL_NOT_FOUND", {}, { cause: error });
}
