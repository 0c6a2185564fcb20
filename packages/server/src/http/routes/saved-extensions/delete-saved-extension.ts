import { SluiceError } from "@sluice/protocol";
import type { FastifyInstance } from "fastify";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { SavedExtensionsNeeds } from "./needs.ts";
import { type SavedExtensionParameters, savedExtensionIdOf } from "./saved-extension-id.ts";

export function deleteSavedExtensionRoute(app: FastifyInstance, { database }: SavedExtensionsNeeds): void {
  app.delete<{ Params: SavedExtensionParameters }>("/v1/saved-extensions/:id", async (request, reply) => {
    const { accountId } = principalOfRequest(request);
    const removed = await database.run("removeSavedExtension", { accountId, id: savedExtensionIdOf(request.params) });
    if (!removed) throw new SluiceError("SAVED_EXTENSION_NOT_FOUND");
    return reply.code(204).send();
  });
}
