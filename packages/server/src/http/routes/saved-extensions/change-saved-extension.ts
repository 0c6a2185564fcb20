import { SluiceError } from "@sluice/protocol";
import { SavedExtensionObject } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { parseSavedExtensionChange, savedExtensionObject } from "../../../extensions/saved/saved-extension.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { SavedExtensionsNeeds } from "./needs.ts";
import { type SavedExtensionParameters, savedExtensionIdOf } from "./saved-extension-id.ts";

const schema = { response: { 200: SavedExtensionObject } };

export function changeSavedExtensionRoute(
  app: FastifyInstance,
  { database, extensions, now }: SavedExtensionsNeeds,
): void {
  app.patch<{ Params: SavedExtensionParameters }>("/v1/saved-extensions/:id", { schema }, async (request) => {
    const { accountId } = principalOfRequest(request);
    const id = savedExtensionIdOf(request.params);
    const change = parseSavedExtensionChange(jsonObjectOf(request.body), extensions);
    const row = await database.run("changeSavedExtension", { accountId, id, change, now: now() });
    if (row === undefined) throw new SluiceError("SAVED_EXTENSION_NOT_FOUND");
    return savedExtensionObject(row);
  });
}
