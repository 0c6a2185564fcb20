import { type OriginObject, operations } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync } from "fastify";
import {
  addOrigin,
  changeOrigin,
  dropOrigin,
  getOrigin,
  listAllOrigins,
} from "../../endpoints/origins/manage-origins.ts";
import type { Origin } from "../../endpoints/origins/origins.ts";
import { addRoute, type DepsOf } from "../add-route.ts";
import { jsonObjectOf, keepBodiesRaw } from "../json-body.ts";
import { type AuthDeps, principalOfRequest, requireBasicAuth } from "../plugins/basic-auth.ts";

type OriginsDeps = AuthDeps & DepsOf<typeof addOrigin> & DepsOf<typeof changeOrigin> & DepsOf<typeof dropOrigin>;

/** Places outside of the library from which files are read (docs/protocol/media-api.md §10). */
export function originsRoutes(services: OriginsDeps): FastifyPluginAsync {
  const { reader } = services.database;
  return async (app) => {
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    addRoute(app, operations.listOrigins, async (request) => {
      const { accountId } = principalOfRequest(request);
      return (await listAllOrigins(reader, accountId)).map(originObject);
    });
    addRoute(app, operations.createOrigin, async (request, reply) => {
      const origin = await addOrigin(services, principalOfRequest(request), jsonObjectOf(request.body));
      return reply.code(201).send(originObject(origin));
    });
    addRoute(app, operations.getOrigin, async (request) =>
      originObject(await getOrigin(reader, principalOfRequest(request).accountId, request.params.id)),
    );
    addRoute(app, operations.replaceOrigin, async (request) => {
      const { id } = request.params;
      return originObject(await changeOrigin(services, principalOfRequest(request), id, jsonObjectOf(request.body)));
    });
    addRoute(app, operations.deleteOrigin, async (request, reply) => {
      await dropOrigin(services, principalOfRequest(request), request.params.id);
      return reply.code(204).send();
    });
  };
}

/** The settings are those that were checked for the origin's type. */
function originObject({ id, name, type, settings }: Origin): OriginObject {
  return { id, name, type, ...settings } as unknown as OriginObject;
}
