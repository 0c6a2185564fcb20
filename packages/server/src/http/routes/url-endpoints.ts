import { operations } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync } from "fastify";
import {
  createEndpoint,
  getEndpoint,
  listEndpoints,
  removeEndpoint,
  replaceEndpoint,
} from "../../endpoints/url-endpoints/manage-url-endpoints.ts";
import { addRoute, type DepsOf } from "../add-route.ts";
import { jsonObjectOf, keepBodiesRaw } from "../json-body.ts";
import { type AuthDeps, principalOfRequest, requireBasicAuth } from "../plugins/basic-auth.ts";

type UrlEndpointsDeps = AuthDeps &
  DepsOf<typeof createEndpoint> &
  DepsOf<typeof replaceEndpoint> &
  DepsOf<typeof removeEndpoint>;

/** The beginnings of delivery URLs, and what they lead to (docs/protocol/media-api.md §10). */
export function urlEndpointsRoutes(services: UrlEndpointsDeps): FastifyPluginAsync {
  const { reader } = services.database;
  return async (app) => {
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    addRoute(app, operations.listUrlEndpoints, async (request) =>
      listEndpoints(reader, principalOfRequest(request).accountId),
    );
    addRoute(app, operations.createUrlEndpoint, async (request, reply) => {
      const endpoint = await createEndpoint(services, principalOfRequest(request), jsonObjectOf(request.body));
      return reply.code(201).send(endpoint);
    });
    addRoute(app, operations.getUrlEndpoint, async (request) =>
      getEndpoint(reader, principalOfRequest(request).accountId, request.params.id),
    );
    addRoute(app, operations.replaceUrlEndpoint, async (request) =>
      replaceEndpoint(services, principalOfRequest(request), request.params.id, jsonObjectOf(request.body)),
    );
    addRoute(app, operations.deleteUrlEndpoint, async (request, reply) => {
      await removeEndpoint(services, principalOfRequest(request), request.params.id);
      return reply.code(204).send();
    });
  };
}
