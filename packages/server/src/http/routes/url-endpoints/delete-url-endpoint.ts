import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { removeEndpoint } from "../../../endpoints/url-endpoints/manage-url-endpoints.ts";
import { addRoute } from "../../add-route.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { UrlEndpointsNeeds } from "./needs.ts";

export function deleteUrlEndpointRoute(app: FastifyInstance, services: UrlEndpointsNeeds): void {
  addRoute(app, operations.deleteUrlEndpoint, async (request, reply) => {
    await removeEndpoint(services, principalOfRequest(request), request.params.id);
    return reply.code(204).send();
  });
}
