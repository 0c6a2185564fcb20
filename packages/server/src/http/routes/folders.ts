import { operations } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import type { Config } from "../../config/config.ts";
import { eventContextOf } from "../../events/event-context.ts";
import { bulkJobObject } from "../../library/folders/bulk-job-object.ts";
import {
  copyFolder,
  createFolder,
  type FolderCaller,
  findFolderJob,
  moveFolder,
  removeFolder,
  renameFolder,
} from "../../library/folders/manage-folders.ts";
import type { FolderNeeds } from "../../library/folders/needs.ts";
import {
  parseCopy,
  parseDeletion,
  parseMove,
  parseNewFolder,
  parseRename,
} from "../../library/folders/parse-requests.ts";
import { isId } from "../../text/id.ts";
import { invalidParameter } from "../../text/parameter.ts";
import { addRoute } from "../add-route.ts";
import { jsonObjectOf, keepBodiesRaw } from "../json-body.ts";
import { type AuthNeeds, principalOfRequest, requireBasicAuth } from "../plugins/basic-auth.ts";
import { whileConnected } from "../while-connected.ts";
import { trashMsFor } from "./trash.ts";

type FoldersNeeds = AuthNeeds &
  FolderNeeds & {
    readonly config: Pick<Config, "trash">;
    /** The address under which clients reach this server, without a trailing slash. */
    readonly publicUrl: () => string;
  };

/** The folders half of the media API (docs/protocol/media-api.md §3, §6.1). */
export function foldersRoutes(services: FoldersNeeds): FastifyPluginAsync {
  /** The account whose folders a request is about, and the endpoints that are told of its changes. */
  function callerOf(request: FastifyRequest): FolderCaller {
    const principal = principalOfRequest(request);
    const publicUrl = services.publicUrl();
    return { accountId: principal.accountId, events: eventContextOf(principal, publicUrl), publicUrl };
  }

  return async (app) => {
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    addRoute(app, operations.createFolder, async (request, reply) => {
      const { accountId } = principalOfRequest(request);
      await createFolder(services, accountId, parseNewFolder(jsonObjectOf(request.body)));
      return reply.code(201).send({});
    });
    addRoute(app, operations.deleteFolder, async (request, reply) => {
      const trashMs = trashMsFor(services, request.query);
      const path = parseDeletion(jsonObjectOf(request.body));
      const caller = callerOf(request);
      await whileConnected(reply, (signal) => removeFolder(services, caller, { path, trashMs }, signal));
      return reply.code(204).send();
    });
    addRoute(app, operations.copyFolder, async (request) => {
      const copy = parseCopy(jsonObjectOf(request.body));
      return { jobId: await copyFolder(services, callerOf(request), copy) };
    });
    addRoute(app, operations.moveFolder, async (request) => {
      const move = parseMove(jsonObjectOf(request.body));
      return { jobId: await moveFolder(services, callerOf(request), move) };
    });
    addRoute(app, operations.renameFolder, async (request, reply) => {
      const rename = parseRename(jsonObjectOf(request.body));
      return reply.code(202).send({ jobId: await renameFolder(services, callerOf(request), rename) });
    });
    addRoute(app, operations.getBulkJob, async (request, reply) => {
      const { jobId } = request.params;
      if (!isId(jobId)) throw invalidParameter("jobId", "An id has 24 characters, 0 to 9 and a to f.");
      const { job, progress } = await findFolderJob(services, principalOfRequest(request).accountId, jobId);
      const shown = bulkJobObject(job, progress);
      return reply.code("message" in shown ? 207 : 200).send(shown);
    });
  };
}
