import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { listFiles } from "../../../library/files/find-files.ts";
import { parseListing } from "../../../library/files/parse-listing.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { endpointOf } from "./caller.ts";
import { FileObject, fileObject } from "./file-object.ts";
import type { FilesNeeds } from "./needs.ts";

const schema = { response: { 200: Type.Array(FileObject) } };

export function listFilesRoute(app: FastifyInstance, services: FilesNeeds): void {
  app.get<{ Querystring: Record<string, unknown> }>("/v1/files", { schema }, async (request) => {
    const { accountId } = principalOfRequest(request);
    const assets = await listFiles(services.database.reader, accountId, parseListing(request.query));
    const endpoint = endpointOf(services, request);
    return assets.map((asset) => fileObject(asset, endpoint));
  });
}
