import { type FolderObject, type ObjectList, operations } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import type { Config } from "../../config/config.ts";
import type { Connection } from "../../database/database.ts";
import type { AssetRow } from "../../database/repositories/assets.ts";
import type { FolderRow } from "../../database/repositories/folders.ts";
import { eventContextOf } from "../../events/event-context.ts";
import { awaitExtensions } from "../../extensions/await-extensions.ts";
import { parseFilePatchWithExtensions, patchFile } from "../../extensions/file-patch/patch-file.ts";
import { resolveExtensions } from "../../extensions/resolve-extensions.ts";
import type { Endpoint } from "../../library/files/asset-url.ts";
import { findThumbnailKey } from "../../library/files/asset-url.ts";
import { removeFile } from "../../library/files/edit-files.ts";
import { fileObject } from "../../library/files/file-object.ts";
import { findFile } from "../../library/files/find-files.ts";
import { type ListedPage, listLibrary } from "../../library/listing/list-library.ts";
import { listScrollKeys, parseScrollKeysQuery } from "../../library/listing/list-scroll-keys.ts";
import { listTags, parseTagsQuery } from "../../library/listing/list-tags.ts";
import { parseListing } from "../../library/listing/parse-listing.ts";
import { isId } from "../../text/id.ts";
import { invalidParameter, unknownParameter } from "../../text/parameter.ts";
import { addRoute, asPlainJson, type DepsOf } from "../add-route.ts";
import { jsonObjectOf, keepBodiesRaw } from "../json-body.ts";
import { type AuthDeps, principalOfRequest, requireBasicAuth } from "../plugins/basic-auth.ts";
import { whileConnected } from "../while-connected.ts";
import { listTurns } from "./files/list-turns.ts";

export interface CallerDeps {
  readonly database: { readonly reader: Connection };
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
  /** The address under which clients reach this server, without a trailing slash. */
  readonly publicUrl: () => string;
}

type FilesDeps = AuthDeps &
  CallerDeps &
  DepsOf<typeof patchFile> &
  DepsOf<typeof resolveExtensions> &
  DepsOf<typeof awaitExtensions> & {
    readonly database: DepsOf<typeof removeFile>;
    readonly config: Pick<Config, "trash">;
  };

/** The files of the media API (docs/protocol/media-api.md §3). */
export function filesRoutes(services: FilesDeps): FastifyPluginAsync {
  const { reader } = services.database;
  const [listInTurn, marksInTurn, tagsInTurn] = [listTurns(), listTurns(), listTurns()];

  async function list(request: FastifyRequest<{ Querystring: Record<string, unknown> }>, reply: FastifyReply) {
    const { accountId, viewer } = principalOfRequest(request);
    const listing = parseListing(request.query);
    const deps = { reader, customFields: services.customFields, now: services.now };
    const page = await listInTurn(reply, accountId, (signal) => listLibrary(deps, viewer, listing, signal));
    writeHeaders(reply, page);
    const assets = page.objects.flatMap((object) => (object.kind === "folder" ? [] : [object.asset]));
    const endpoint = await endpointOf(services, request, assets);
    return page.objects.map((object) => {
      if (object.kind === "folder") return folderObject(object.folder);
      const color = page.colors.get(object.asset.blob_id);
      const file = fileObject(object.asset, endpoint);
      return color === undefined ? file : { ...file, dominantColor: color };
    }) satisfies ObjectList;
  }

  return async (app) => {
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    // A serialiser that is made from the schema would hold each object against both of the types that it may have.
    addRoute(app, operations.listFiles, list, asPlainJson);
    addRoute(app, operations.listMarks, async (request, reply) => {
      const { accountId, viewer } = principalOfRequest(request);
      const query = parseScrollKeysQuery(request.query);
      return marksInTurn(reply, accountId, (signal) => listScrollKeys(reader, viewer, query, signal));
    });
    addRoute(app, operations.listTags, async (request, reply) => {
      const { accountId, viewer } = principalOfRequest(request);
      const query = parseTagsQuery(request.query);
      return tagsInTurn(reply, accountId, (signal) => listTags(reader, viewer, query, signal));
    });
    addRoute(app, operations.getFile, async (request) => {
      const fileId = idIn(request.params, "fileId");
      const asset = await findFile(reader, principalOfRequest(request).viewer, fileId);
      return fileObject(asset, await endpointOf(services, request, [asset]));
    });
    addRoute(app, operations.changeFile, async (request, reply) => {
      const principal = principalOfRequest(request);
      const { accountId } = principal;
      const target = { accountId, fileId: idIn(request.params, "fileId"), ...changeOf(services, request) };
      const patch = parseFilePatchWithExtensions(jsonObjectOf(request.body));
      const { extensions = [], webhookUrl } = patch.kind === "details" ? patch.others : {};
      const fields = () => services.customFields.of(accountId);
      const asked = { principal, extensions, webhookUrl: webhookUrl ?? undefined, fields };
      const plan = await resolveExtensions(services, asked);
      const changed = await patchFile(services, principal.viewer, target, patch, plan?.runs);
      const { asset, ...status } = await whileConnected(reply, (signal) =>
        awaitExtensions(services, plan, changed, signal),
      );
      return { ...fileObject(asset, await endpointOf(services, request, [asset])), ...status };
    });
    addRoute(app, operations.deleteFile, async (request, reply) => {
      const { accountId } = principalOfRequest(request);
      const fileId = idIn(request.params, "fileId");
      const trashMs = trashMsFor(services, request.query);
      await removeFile(services.database, { accountId, fileId, trashMs, ...changeOf(services, request) });
      return reply.code(204).send();
    });
  };
}

/** A folder as the media API shows it (docs/protocol/media-api.md §2.2). */
function folderObject({ id, name, path, created_at, updated_at }: FolderRow): FolderObject {
  return {
    type: "folder",
    folderId: id,
    name,
    folderPath: path,
    customMetadata: {},
    createdAt: new Date(created_at).toISOString(),
    updatedAt: new Date(updated_at).toISOString(),
  };
}

function writeHeaders(reply: FastifyReply, { nextCursor, previousCursor, count, hashedShare }: ListedPage): void {
  if (nextCursor !== undefined) reply.header("x-next-cursor", nextCursor);
  if (previousCursor !== undefined) reply.header("x-previous-cursor", previousCursor);
  if (hashedShare !== undefined) reply.header("x-hashed-share", hashedShare.toFixed(4));
  if (count !== undefined) reply.header("x-estimated-count", String(count));
}

/**
 * An id in the path of a request.
 * @throws SluiceError PARAMETER_INVALID when it is not an id (docs/protocol/media-api.md §1)
 */
export function idIn<Name extends string>(params: Readonly<Record<Name, string>>, name: Name): string {
  const id = params[name];
  if (!isId(id)) throw invalidParameter(name, "An id has 24 characters, 0 to 9 and a to f.");
  return id;
}

/** The context of a request's change: who is told of it, and when it happens. */
export function changeOf({ now, publicUrl }: Pick<CallerDeps, "now" | "publicUrl">, request: FastifyRequest) {
  return { events: eventContextOf(principalOfRequest(request), publicUrl()), now: now() };
}

/** The address under which the caller's files are delivered, with what the assets' thumbnails need. */
export async function endpointOf(
  { database, now, publicUrl }: CallerDeps,
  request: FastifyRequest,
  assets: readonly AssetRow[],
): Promise<Endpoint> {
  const { accountId, imagekitId } = principalOfRequest(request);
  const thumbnailKey = await findThumbnailKey(database.reader, accountId, assets, now());
  return { publicUrl: publicUrl(), imagekitId, thumbnailKey };
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

/**
 * Parses the query of an operation that deletes files.
 * @returns whether the files are deleted past the trash; undefined where the request doesn't say so
 * @throws SluiceError PARAMETER_INVALID
 */
function parsePermanent(query: Readonly<Record<string, unknown>>): boolean | undefined {
  for (const name of Object.keys(query)) if (name !== "permanent") throw unknownParameter(name, ["permanent"]);
  const { permanent } = query;
  if (permanent === undefined) return undefined;
  if (permanent === "true" || permanent === "false") return permanent === "true";
  throw invalidParameter("permanent", "It must be true or false.");
}
