import { operations } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync } from "fastify";
import type { Config } from "../../config/config.ts";
import { changeTags, removeSeveralFiles } from "../../library/files/bulk-files.ts";
import { parseBulkAiTags, parseBulkDelete, parseBulkTags } from "../../library/files/parse-bulk.ts";
import { addRoute, type NeedsOf } from "../add-route.ts";
import { jsonObjectOf, keepBodiesRaw } from "../json-body.ts";
import { type AuthNeeds, principalOfRequest, requireBasicAuth } from "../plugins/basic-auth.ts";
import { type CallerNeeds, changeOf } from "./files.ts";
import { trashMsFor } from "./trash.ts";

type BulkFilesNeeds = AuthNeeds &
  Pick<CallerNeeds, "now" | "publicUrl"> &
  NeedsOf<typeof removeSeveralFiles> &
  NeedsOf<typeof changeTags> & { readonly config: Pick<Config, "trash"> };

const tagChanges = [
  { operation: operations.addTags, parse: parseBulkTags, script: "addTags" },
  { operation: operations.removeTags, parse: parseBulkTags, script: "removeTags" },
  { operation: operations.removeAITags, parse: parseBulkAiTags, script: "removeAiTags" },
] as const;

/** The calls that change several files at once (docs/protocol/media-api.md §6). */
export function bulkFilesRoutes(services: BulkFilesNeeds): FastifyPluginAsync {
  return async (app) => {
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    addRoute(app, operations.deleteFiles, async (request) => {
      const { accountId } = principalOfRequest(request);
      const trashMs = trashMsFor(services, request.query);
      const asked = { accountId, ...parseBulkDelete(jsonObjectOf(request.body)), trashMs };
      const deleted = await removeSeveralFiles(services, { ...asked, ...changeOf(services, request) });
      return { successfullyDeletedFileIds: deleted };
    });
    for (const { operation, parse, script } of tagChanges) {
      addRoute(app, operation, async (request, reply) => {
        const { accountId } = principalOfRequest(request);
        const asked = parse(jsonObjectOf(request.body));
        const target = { accountId, ...asked, ...changeOf(services, request) };
        const { successful: successfullyUpdatedFileIds, errors } = await changeTags(services, script, target);
        if (errors.length === 0) return { successfullyUpdatedFileIds };
        return reply.code(207).send({ successfullyUpdatedFileIds, errors });
      });
    }
  };
}
