import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { listSavedExtensions } from "../../../database/repositories/saved-extensions.ts";
import { savedExtensionObject } from "../../../extensions/saved/saved-extension.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { SavedExtensionsNeeds } from "./needs.ts";
import { SavedExtensionObject } from "./saved-extension-object.ts";

const schema = { response: { 200: Type.Array(SavedExtensionObject) } };

export function listSavedExtensionsRoute(app: FastifyInstance, { database }: SavedExtensionsNeeds): void {
  app.get("/v1/saved-extensions", { schema }, async (request) => {
    const { accountId } = principalOfRequest(request);
    return (await listSavedExtensions(database.reader, accountId)).map(savedExtensionObject);
  });
}
