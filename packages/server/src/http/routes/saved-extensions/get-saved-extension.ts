import { SluiceError } from "@sluice/protocol";
import { SavedExtensionObject } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { findSavedExtension } from "../../../database/repositories/saved-extensions.ts";
import { savedExtensionObject } from "../../../extensions/saved/saved-extension.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { SavedExtensionsNeeds } from "./needs.ts";
import { type SavedExtensionParameters, savedExtensionIdOf } from "./saved-extension-id.ts";

const schema = { response: { 200: SavedExtensionObject } };

export function getSavedExtensionRoute(app: FastifyInstance, { database }: SavedExtensionsNeeds): void {
  app.get<{ Params: SavedExtensionParameters }>("/v1/saved-extensions/:id", { schema }, async (request) => {
    const { accountId } = principalOfRequest(request);
    const row = await findSavedExtension(database.reader, accountId, savedExtensionIdOf(request.params));
    if (row === undefined) throw new SluiceError("SAVED_EXTENSION_NOT_FOUND");
    return savedExtensionObject(row);
  });
}
