import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { listSavedExtensions } from "../../../database/repositories/saved-extensions.ts";
import { savedExtensionObject } from "../../../extensions/saved/saved-extension.ts";
import { addRoute } from "../../add-route.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { SavedExtensionsNeeds } from "./needs.ts";

export function listSavedExtensionsRoute(app: FastifyInstance, { database }: SavedExtensionsNeeds): void {
  addRoute(app, operations.listSavedExtensions, async (request) => {
    const { accountId } = principalOfRequest(request);
    return (await listSavedExtensions(database.reader, accountId)).map(savedExtensionObject);
  });
}
