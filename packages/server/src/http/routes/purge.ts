import { operations, PurgeRequest } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync } from "fastify";
import { purgeStatus, requestPurge } from "../../delivery/purge/purge.ts";
import { unknownParameter } from "../../text/parameter.ts";
import { addRoute, type DepsOf } from "../add-route.ts";
import { jsonObjectOf, keepBodiesRaw } from "../json-body.ts";
import { type AuthDeps, principalOfRequest, requireBasicAuth } from "../plugins/basic-auth.ts";

type PurgeDeps = AuthDeps & DepsOf<typeof requestPurge> & DepsOf<typeof purgeStatus>;

/** The purge routes (docs/protocol/media-api.md §8). */
export function purgeRoutes(services: PurgeDeps): FastifyPluginAsync {
  return async (app) => {
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    addRoute(app, operations.purgeFiles, async (request, reply) => {
      const { url, ...others } = jsonObjectOf(request.body);
      for (const name of Object.keys(others)) throw unknownParameter(name, Object.keys(PurgeRequest.properties));
      return reply.code(201).send({ requestId: await requestPurge(services, principalOfRequest(request), url) });
    });
    addRoute(app, operations.getPurgeStatus, async (request) =>
      purgeStatus(services, principalOfRequest(request).accountId, request.params.requestId),
    );
  };
}
