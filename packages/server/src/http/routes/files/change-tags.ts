import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { changeTags } from "../../../library/files/bulk-files.ts";
import { parseBulkAiTags, parseBulkTags } from "../../../library/files/parse-bulk.ts";
import { addRoute } from "../../add-route.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { changeOf } from "./caller.ts";
import type { FilesNeeds } from "./needs.ts";

/** The calls that change the tags of several files (docs/protocol/media-api.md §6). */
const calls = [
  { operation: operations.addTags, parse: parseBulkTags, script: "addTags" },
  { operation: operations.removeTags, parse: parseBulkTags, script: "removeTags" },
  { operation: operations.removeAITags, parse: parseBulkAiTags, script: "removeAiTags" },
] as const;

export function changeTagsRoutes(app: FastifyInstance, services: FilesNeeds): void {
  for (const { operation, parse, script } of calls) {
    addRoute(app, operation, async (request, reply) => {
      const { accountId } = principalOfRequest(request);
      const asked = parse(jsonObjectOf(request.body));
      const target = { accountId, ...asked, ...changeOf(services, request) };
      const { successful: successfullyUpdatedFileIds, errors } = await changeTags(services, script, target);
      if (errors.length === 0) return { successfullyUpdatedFileIds };
      return reply.code(207).send({ successfullyUpdatedFileIds, errors });
    });
  }
}
