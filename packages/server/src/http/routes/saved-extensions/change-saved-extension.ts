import { SluiceError } from "@sluice/protocol";
import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { parseSavedExtensionChange, savedExtensionObject } from "../../../extensions/saved/saved-extension.ts";
import { addRoute } from "../../add-route.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { SavedExtensionsNeeds } from "./needs.ts";
import { savedExtensionIdOf } from "./saved-extension-id.ts";

export function changeSavedExtensionRoute(
  app: FastifyInstance,
  { database, extensions, now }: SavedExtensionsNeeds,
): void {
  addRoute(app, operations.changeSavedExtension, async (request) => {
    const { accountId } = principalOfRequest(request);
    const id = savedExtensionIdOf(request.params);
    const change = parseSavedExtensionChange(jsonObjectOf(request.body), extensions);
    const row = await database.run("changeSavedExtension", { accountId, id, change, now: now() });
    if (row === undefined) throw new SluiceError("SAVED_EXTENSION_NOT_FOUND");
    return savedExtensionObject(row);
  });
}
