import { SluiceError } from "@sluice/protocol";
import type { FastifyInstance } from "fastify";
import { findSavedExtension } from "../../../database/repositories/saved-extensions.ts";
import { savedExtensionIdOf, savedExtensionObject } from "../../../extensions/saved/saved-extension.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { SavedExtensionsNeeds } from "./needs.ts";
import { SavedExtensionObject, type SavedExtensionParameters } from "./saved-extension-object.ts";

const schema = { response: { 200: SavedExtensionObject } };

export function getSavedExtensionRoute(app: FastifyInstance, { database }: SavedExtensionsNeeds): void {
  app.get<{ Params: SavedExtensionParameters }>("/v1/saved-extensions/:id", { schema }, async (request) => {
    const { accountId } = principalOfRequest(request);
    const row = await findSavedExtension(database.reader, accountId, savedExtensionIdOf(request.params));
    if (row === undefined) throw new SluiceError("SAVED_EXTENSION_NOT_FOUND");
    return savedExtensionObject(row);
  });
}
