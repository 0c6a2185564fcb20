import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { createEndpoint } from "../../../endpoints/url-endpoints/manage-url-endpoints.ts";
import { addRoute } from "../../add-route.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { UrlEndpointsNeeds } from "./needs.ts";

export function createUrlEndpointRoute(app: FastifyInstance, services: UrlEndpointsNeeds): void {
  addRoute(app, operations.createUrlEndpoint, async (request, reply) => {
    const endpoint = await createEndpoint(services, principalOfRequest(request), jsonObjectOf(request.body));
    return reply.code(201).send(endpoint);
  });
}
