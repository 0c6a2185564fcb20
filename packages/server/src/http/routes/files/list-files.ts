import { type ObjectList, operations } from "@sluice/protocol/schemas";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { fileObject } from "../../../library/files/file-object.ts";
import { folderObject } from "../../../library/listing/folder-object.ts";
import { type ListedPage, listLibrary } from "../../../library/listing/list-library.ts";
import { parseListing } from "../../../library/listing/parse-listing.ts";
import { addRoute, asPlainJson } from "../../add-route.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { endpointOf } from "./caller.ts";
import { listTurns } from "./list-turns.ts";
import type { FilesNeeds } from "./needs.ts";

export function listFilesRoute(app: FastifyInstance, services: FilesNeeds): void {
  const { database, customFields, now } = services;
  const inTurn = listTurns();
  const answer = async (request: FastifyRequest<{ Querystring: Record<string, unknown> }>, reply: FastifyReply) => {
    const { accountId } = principalOfRequest(request);
    const listing = parseListing(request.query);
    const needs = { reader: database.reader, customFields, now };
    const page = await inTurn(reply, accountId, (signal) => listLibrary(needs, accountId, listing, signal));
    writeHeaders(reply, page);
    const assets = page.objects.flatMap((object) => (object.kind === "folder" ? [] : [object.asset]));
    const endpoint = await endpointOf(services, request, assets);
    return page.objects.map((object) => {
      if (object.kind === "folder") return folderObject(object.folder);
      const color = page.colors.get(object.asset.blob_id);
      const file = fileObject(object.asset, endpoint);
      return color === undefined ? file : { ...file, dominantColor: color };
    }) satisfies ObjectList;
  };
  // A serialiser that is made from the schema would hold each object against both of the types that it may have.
  addRoute(app, operations.listFiles, answer, asPlainJson);
}

function writeHeaders(reply: FastifyReply, { nextCursor, previousCursor, count, hashedShare }: ListedPage): void {
  if (nextCursor !== undefined) reply.header("x-next-cursor", nextCursor);
  if (previousCursor !== undefined) reply.header("x-previous-cursor", previousCursor);
  if (hashedShare !== undefined) reply.header("x-hashed-share", hashedShare.toFixed(4));
  if (count !== undefined) reply.header("x-estimated-count", String(count));
}
