import { SluiceError } from "@sluice/protocol";
import { ObjectList } from "@sluice/protocol/schemas";
import type { FastifyInstance, FastifyReply } from "fastify";
import { BoundedQueue } from "../../../concurrency/bounded-queue.ts";
import { NoTurnError } from "../../../concurrency/no-turn-error.ts";
import { fileObject } from "../../../library/files/file-object.ts";
import { folderObject } from "../../../library/listing/folder-object.ts";
import { type ListedPage, listLibrary } from "../../../library/listing/list-library.ts";
import { parseListing } from "../../../library/listing/parse-listing.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { whileConnected } from "../../while-connected.ts";
import { endpointOf } from "./caller.ts";
import type { FilesNeeds } from "./needs.ts";

const schema = { response: { 200: ObjectList } };
/** A serialiser that is made from the schema would hold each object against both of the types that it may have. */
const serializerCompiler = () => (objects: unknown) => JSON.stringify(objects);

/** Lists are answered a few at a time, and accounts take turns. */
const turnsAtOnce = { concurrency: 4, queueLimit: 256, waitMs: 10_000 } as const;
/** A list that takes longer than this ends. */
const maxListMs = 10_000;

export function listFilesRoute(app: FastifyInstance, services: FilesNeeds): void {
  const { database, customFields, now } = services;
  const turns = new BoundedQueue(turnsAtOnce);
  app.get<{ Querystring: Record<string, unknown> }>(
    "/v1/files",
    { schema, serializerCompiler },
    async (request, reply) => {
      const { accountId } = principalOfRequest(request);
      const listing = parseListing(request.query);
      const needs = { reader: database.reader, customFields, now };
      const party = { account: accountId, client: "" };
      const page = await whileConnected(reply, async (gone) => {
        const signal = AbortSignal.any([gone, AbortSignal.timeout(maxListMs)]);
        try {
          return await turns.run((stop) => listLibrary(needs, accountId, listing, stop), signal, party);
        } catch (error) {
          throw refusalOf(error, gone);
        }
      });
      writeHeaders(reply, page);
      const endpoint = endpointOf(services, request);
      return page.objects.map((object) =>
        object.kind === "file" ? fileObject(object.asset, endpoint) : folderObject(object.folder),
      ) satisfies ObjectList;
    },
  );
}

function writeHeaders(reply: FastifyReply, { nextCursor, previousCursor, count, hashedShare }: ListedPage): void {
  if (nextCursor !== undefined) reply.header("x-next-cursor", nextCursor);
  if (previousCursor !== undefined) reply.header("x-previous-cursor", previousCursor);
  if (hashedShare !== undefined) reply.header("x-hashed-share", hashedShare.toFixed(4));
  if (count !== undefined) reply.header("x-estimated-count", String(count));
}

/** A list ends with its client, too, who hears nothing of it. */
function refusalOf(error: unknown, client: AbortSignal): unknown {
  if (error instanceof NoTurnError) return new SluiceError("SERVER_BUSY", {}, { cause: error });
  const isLate = error instanceof DOMException && error.name === "TimeoutError" && !client.aborted;
  return isLate ? new SluiceError("SEARCH_TOO_SLOW", {}, { cause: error }) : error;
}
