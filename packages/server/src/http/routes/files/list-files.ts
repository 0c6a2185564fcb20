import { FileList } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { fileObject } from "../../../library/files/file-object.ts";
import { listFiles } from "../../../library/files/find-files.ts";
import { parseListing } from "../../../library/files/parse-listing.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { endpointOf } from "./caller.ts";
import type { FilesNeeds } from "./needs.ts";

const schema = { response: { 200: FileList } };

export function listFilesRoute(app: FastifyInstance, services: FilesNeeds): void {
  app.get<{ Querystring: Record<string, unknown> }>("/v1/files", { schema }, async (request) => {
    const { accountId } = principalOfRequest(request);
    const assets = await listFiles(services.database.reader, accountId, parseListing(request.query));
    const endpoint = endpointOf(services, request);
    return assets.map((asset) => fileObject(asset, endpoint));
  });
}
