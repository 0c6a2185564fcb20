import { RenamedFile, RenamedUnpurged } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { renameFile } from "../../../delivery/purge/rename-file.ts";
import { parseRename } from "../../../library/files/parse-organise.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { changeOf } from "./caller.ts";
import type { FilesNeeds } from "./needs.ts";

const schema = { response: { 200: RenamedFile, 207: RenamedUnpurged } };

export function renameFileRoute(app: FastifyInstance, services: FilesNeeds): void {
  app.put("/v1/files/rename", { schema }, async (request, reply) => {
    const asked = parseRename(jsonObjectOf(request.body));
    const { purgeRequestId, unpurged } = await renameFile(
      services,
      principalOfRequest(request),
      asked,
      changeOf(services, request),
    );
    if (unpurged !== undefined) return reply.code(207).send(unpurged.toJSON());
    return purgeRequestId === undefined ? {} : { purgeRequestId };
  });
}
