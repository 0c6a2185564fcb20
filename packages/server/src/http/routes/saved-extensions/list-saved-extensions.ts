import { SavedExtensionList } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { listSavedExtensions } from "../../../database/repositories/saved-extensions.ts";
import { savedExtensionObject } from "../../../extensions/saved/saved-extension.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { SavedExtensionsNeeds } from "./needs.ts";

const schema = { response: { 200: SavedExtensionList } };

export function listSavedExtensionsRoute(app: FastifyInstance, { database }: SavedExtensionsNeeds): void {
  app.get("/v1/saved-extensions", { schema }, async (request) => {
    const { accountId } = principalOfRequest(request);
    return (await listSavedExtensions(database.reader, accountId)).map(savedExtensionObject);
  });
}
