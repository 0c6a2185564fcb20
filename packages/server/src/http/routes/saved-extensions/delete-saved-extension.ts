import { SluiceError } from "@sluice/protocol";
import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { addRoute } from "../../add-route.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { SavedExtensionsNeeds } from "./needs.ts";
import { savedExtensionIdOf } from "./saved-extension-id.ts";

export function deleteSavedExtensionRoute(app: FastifyInstance, { database }: SavedExtensionsNeeds): void {
  addRoute(app, operations.deleteSavedExtension, async (request, reply) => {
    const { accountId } = principalOfRequest(request);
    const removed = await database.run("removeSavedExtension", { accountId, id: savedExtensionIdOf(request.params) });
    if (!removed) throw new SluiceError("SAVED_EXTENSION_NOT_FOUND");
    return reply.code(204).send();
  });
}
