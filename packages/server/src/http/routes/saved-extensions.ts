import { SluiceError } from "@sluice/protocol";
import { operations } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync } from "fastify";
import type { Database } from "../../database/database.ts";
import { findSavedExtension, listSavedExtensions } from "../../database/repositories/saved-extensions.ts";
import type { ExtensionProviders } from "../../extensions/provider.ts";
import {
  changeSavedExtension,
  createSavedExtension,
  maxSavedExtensions,
  parseNewSavedExtension,
  parseSavedExtensionChange,
  removeSavedExtension,
  savedExtensionObject,
} from "../../extensions/saved/saved-extension.ts";
import { newId } from "../../text/id.ts";
import { addRoute } from "../add-route.ts";
import { jsonObjectOf, keepBodiesRaw } from "../json-body.ts";
import { type AuthDeps, principalOfRequest, requireBasicAuth } from "../plugins/basic-auth.ts";

interface SavedExtensionsDeps extends AuthDeps {
  readonly database: Database;
  readonly extensions: Pick<ExtensionProviders, "find">;
}

/** Configurations of extensions, which requests name by id (docs/protocol/media-api.md §9). */
export function savedExtensionsRoutes(services: SavedExtensionsDeps): FastifyPluginAsync {
  const { database, extensions, now } = services;
  return async (app) => {
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    addRoute(app, operations.listSavedExtensions, async (request) => {
      const { accountId } = principalOfRequest(request);
      return (await listSavedExtensions(database.reader, accountId)).map(savedExtensionObject);
    });
    addRoute(app, operations.createSavedExtension, async (request, reply) => {
      const { accountId } = principalOfRequest(request);
      const saved = parseNewSavedExtension(jsonObjectOf(request.body), extensions);
      const at = now();
      const row = await database.run(createSavedExtension, { accountId, id: `ext_${newId(at)}`, saved, now: at });
      if (row === undefined) throw new SluiceError("TOO_MANY_SAVED_EXTENSIONS", { limit: maxSavedExtensions });
      return reply.code(201).send(savedExtensionObject(row));
    });
    addRoute(app, operations.getSavedExtension, async (request) => {
      const { accountId } = principalOfRequest(request);
      const row = await findSavedExtension(database.reader, accountId, idOf(request.params));
      if (row === undefined) throw new SluiceError("SAVED_EXTENSION_NOT_FOUND");
      return savedExtensionObject(row);
    });
    addRoute(app, operations.changeSavedExtension, async (request) => {
      const { accountId } = principalOfRequest(request);
      const id = idOf(request.params);
      const change = parseSavedExtensionChange(jsonObjectOf(request.body), extensions);
      const row = await database.run(changeSavedExtension, { accountId, id, change, now: now() });
      if (row === undefined) throw new SluiceError("SAVED_EXTENSION_NOT_FOUND");
      return savedExtensionObject(row);
    });
    addRoute(app, operations.deleteSavedExtension, async (request, reply) => {
      const { accountId } = principalOfRequest(request);
      const removed = await database.run(removeSavedExtension, { accountId, id: idOf(request.params) });
      if (!removed) throw new SluiceError("SAVED_EXTENSION_NOT_FOUND");
      return reply.code(204).send();
    });
  };
}

/**
 * @throws SluiceError SAVED_EXTENSION_ID_INVALID when the id in the path is not an id (docs/protocol/media-api.md §9)
 */
function idOf({ id }: { readonly id: string }): string {
  if (!/^ext_[0-9a-f]{24}$/.test(id)) throw new SluiceError("SAVED_EXTENSION_ID_INVALID");
  return id;
}
