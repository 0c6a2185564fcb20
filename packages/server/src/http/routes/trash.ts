import { maxTrashSearchLength, previewSides, previewSidesText, SluiceError } from "@sluice/protocol";
import { operations, type TrashList } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import type { Config } from "../../config/config.ts";
import type { TrashPosition } from "../../database/repositories/trash.ts";
import { deliverTrashedThumbnail } from "../../delivery/deliver.ts";
import { sandboxPolicy } from "../../delivery/headers/conditional.ts";
import { DeliveryRefusal } from "../../delivery/refusals/refusal.ts";
import { refusals } from "../../delivery/refusals/refusal-table.ts";
import { eventContextOf } from "../../events/event-context.ts";
import type { TrashDeps } from "../../library/trash/manage-trash.ts";
import {
  deleteFromTrash,
  emptyTrash,
  listTrash,
  restoreFiles,
  type TrashCaller,
  type TrashListing,
} from "../../library/trash/manage-trash.ts";
import { trashedFileObject } from "../../library/trash/trashed-file.ts";
import { isId } from "../../text/id.ts";
import { assertKnownMembers, invalidParameter, parseLimit, unknownParameter } from "../../text/parameter.ts";
import { addRoute, type DepsOf } from "../add-route.ts";
import { jsonObjectOf, keepBodiesRaw } from "../json-body.ts";
import { type AuthDeps, principalOfRequest, requireBasicAuth } from "../plugins/basic-auth.ts";
import { clientOf, countFor, findAndSend, type SendingDeps } from "../send-delivery.ts";
import { whileConnected } from "../while-connected.ts";
import { parseFileIds } from "./bulk-files.ts";

type TrashRoutesDeps = AuthDeps &
  TrashDeps & {
    /** The address under which clients reach this server, without a trailing slash. */
    readonly publicUrl: () => string;
  };

type TrashThumbnailDeps = AuthDeps &
  SendingDeps &
  DepsOf<typeof deliverTrashedThumbnail> & { readonly config: Pick<Config, "trustProxy" | "countryHeader"> };

/** The files that were deleted and can still be restored (docs/trash.md). */
export function trashRoutes(services: TrashRoutesDeps): FastifyPluginAsync {
  /** The account whose trash a request is about, and the endpoints that are told of its changes. */
  function callerOf(request: FastifyRequest): TrashCaller {
    const principal = principalOfRequest(request);
    return { accountId: principal.accountId, events: eventContextOf(principal, services.publicUrl()) };
  }

  return async (app) => {
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    addRoute(app, operations.listTrash, async (request) => {
      const { viewer } = principalOfRequest(request);
      const { files, next } = await listTrash(services, viewer, parseTrashListing(request.query));
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

/** Whatever the bytes are, a browser runs nothing of them, and other sites' pages can't show them. */
const pictureHeaders = {
  "x-content-type-options": "nosniff",
  "content-security-policy": sandboxPolicy,
  "cross-origin-resource-policy": "same-origin",
} as const;

/** The thumbnails of files in the trash, for whoever may read the list of the trash (docs/trash.md). */
export function trashThumbnailRoute(services: TrashThumbnailDeps): FastifyPluginAsync {
  return async (app) => {
    requireBasicAuth(app, services);
    addRoute(app, operations.getTrashedThumbnail, async (request, reply) => {
      const { viewer } = principalOfRequest(request);
      const asked = {
        viewer,
        fileId: request.params.fileId,
        side: parseThumbnailSide(request.query),
        accept: request.headers.accept,
        client: clientOf(services, request),
      };
      countFor(request, viewer.accountId);
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

type Members = Readonly<Record<string, unknown>>;

const limits = { standard: 100, max: 1000 } as const;

/** Parses the query of `GET /_sluice/trash`. @throws SluiceError PARAMETER_INVALID */
function parseTrashListing(query: Members): TrashListing {
  refuseUnknown(query, ["limit", "cursor", "nameContains"]);
  return {
    limit: parseLimit(query.limit, limits),
    after: parseCursor(query.cursor),
    nameContains: parseNamePart(query.nameContains),
  };
}

function parseNamePart(text: unknown): string | undefined {
  if (text === undefined) return undefined;
  if (typeof text === "string" && text !== "" && text.length <= maxTrashSearchLength) return text;
  throw invalidParameter("nameContains", `It must be a text of 1 to ${maxTrashSearchLength} characters.`);
}

function parseCursor(text: unknown): TrashPosition | undefined {
  if (text === undefined) return undefined;
  const [, time = "", id = ""] = (typeof text === "string" && /^(\d{1,15})-([0-9a-f]+)$/.exec(text)) || [];
  if (!isId(id)) throw invalidParameter("cursor", "Send the nextCursor of the page before.");
  return { trashedAt: Number(time), id };
}

/** A cursor names the last file of a page, so files that come and go meanwhile neither repeat nor hide others. */
function writeTrashCursor({ trashedAt, id }: TrashPosition): string {
  return `${trashedAt}-${id}`;
}

const standardSide = "320";

/**
 * Parses the query of `GET /_sluice/trash/:fileId/thumbnail`.
 * @returns the side in pixels within which the thumbnail fits @throws SluiceError PARAMETER_INVALID
 */
function parseThumbnailSide(query: Members): string {
  refuseUnknown(query, ["side"]);
  const side = query.side ?? standardSide;
  const known = previewSides.map(String);
  if (typeof side === "string" && known.includes(side)) return side;
  throw invalidParameter("side", `It must be ${previewSidesText}.`);
}

/** Parses the body of `POST /_sluice/trash/restore`. @throws SluiceError for the first thing that is wrong */
function parseRestoration(body: Members): readonly string[] {
  assertKnownMembers(body, ["fileIds"]);
  return fileIdsOf(body.fileIds);
}

/**
 * Parses the body of `POST /_sluice/trash/empty`. All is only what says so, since nothing brings the files back.
 * @throws SluiceError for the first thing that is wrong
 */
function parseEmptying(body: Members): readonly string[] | "all" {
  assertKnownMembers(body, ["fileIds", "all"]);
  if (body.all !== undefined && typeof body.all !== "boolean") {
    throw invalidParameter("all", "It must be true or false.");
  }
  if ((body.all === true) === (body.fileIds !== undefined)) throw new SluiceError("TRASH_SELECTION_INVALID");
  return body.all === true ? "all" : fileIdsOf(body.fileIds);
}

function fileIdsOf(value: unknown): readonly string[] {
  return parseFileIds(value, 100, "TOO_MANY_FILES_TO_DELETE");
}

function refuseUnknown(query: Members, known: readonly string[]): void {
  for (const name of Object.keys(query)) if (!known.includes(name)) throw unknownParameter(name, known);
}
