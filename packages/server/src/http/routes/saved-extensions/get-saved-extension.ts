import { SluiceError } from "@sluice/protocol";
import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { findSavedExtension } from "../../../database/repositories/saved-extensions.ts";
import { savedExtensionObject } from "../../../extensions/saved/saved-extension.ts";
import { addRoute } from "../../add-route.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { SavedExtensionsNeeds } from "./needs.ts";
import { savedExtensionIdOf } from "./saved-extension-id.ts";

export function getSavedExtensionRoute(app: FastifyInstance, { database }: SavedExtensionsNeeds): void {
  addRoute(app, operations.getSavedExtension, async (request) => {
    const { accountId } = principalOfRequest(request);
    const row = await findSavedExtension(database.reader, accountId, savedExtensionIdOf(request.params));
    if (row === undefined) throw new SluiceError("SAVED_EXTENSION_NOT_FOUND");
    return savedExtensionObject(row);
  });
}
