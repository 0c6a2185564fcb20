import { EditedFiles, EditedInPart } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { changeTags } from "../../../library/files/bulk-files.ts";
import { parseBulkAiTags, parseBulkTags } from "../../../library/files/parse-bulk.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { changeOf } from "./caller.ts";
import type { FilesNeeds } from "./needs.ts";

const schema = { response: { 200: EditedFiles, 207: EditedInPart } };

/** The calls that change the tags of several files (docs/protocol/media-api.md §6). */
const calls = [
  { path: "/v1/files/addTags", parse: parseBulkTags, script: "addTags" },
  { path: "/v1/files/removeTags", parse: parseBulkTags, script: "removeTags" },
  { path: "/v1/files/removeAITags", parse: parseBulkAiTags, script: "removeAiTags" },
] as const;

export function changeTagsRoutes(app: FastifyInstance, services: FilesNeeds): void {
  for (const { path, parse, script } of calls) {
    app.post(path, { schema }, async (request, reply) => {
      const { accountId } = principalOfRequest(request);
      const asked = parse(jsonObjectOf(request.body));
      const target = { accountId, ...asked, ...changeOf(services, request) };
      const { successful: successfullyUpdatedFileIds, errors } = await changeTags(services, script, target);
      if (errors.length === 0) return { successfullyUpdatedFileIds };
      return reply.code(207).send({ successfullyUpdatedFileIds, errors });
    });
  }
}
