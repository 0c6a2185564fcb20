import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { replaceEndpoint } from "../../../endpoints/url-endpoints/manage-url-endpoints.ts";
import { addRoute } from "../../add-route.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { UrlEndpointsNeeds } from "./needs.ts";

export function replaceUrlEndpointRoute(app: FastifyInstance, services: UrlEndpointsNeeds): void {
  addRoute(app, operations.replaceUrlEndpoint, async (request) =>
    replaceEndpoint(services, principalOfRequest(request), request.params.id, jsonObjectOf(request.body)),
  );
}
