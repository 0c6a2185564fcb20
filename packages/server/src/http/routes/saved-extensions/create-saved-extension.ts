import { SluiceError } from "@sluice/protocol";
import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import {
  maxSavedExtensions,
  parseNewSavedExtension,
  savedExtensionObject,
} from "../../../extensions/saved/saved-extension.ts";
import { newId } from "../../../text/id.ts";
import { addRoute } from "../../add-route.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { SavedExtensionsNeeds } from "./needs.ts";

export function createSavedExtensionRoute(
  app: FastifyInstance,
  { database, extensions, now }: SavedExtensionsNeeds,
): void {
  addRoute(app, operations.createSavedExtension, async (request, reply) => {
    const { accountId } = principalOfRequest(request);
    const saved = parseNewSavedExtension(jsonObjectOf(request.body), extensions);
    const at = now();
    const row = await database.run("createSavedExtension", { accountId, id: `ext_${newId(at)}`, saved, now: at });
    if (row === undefined) throw new SluiceError("TOO_MANY_SAVED_EXTENSIONS", { limit: maxSavedExtensions });
    return reply.code(201).send(savedExtensionObject(row));
  });
}
