import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { getEndpoint } from "../../../endpoints/url-endpoints/manage-url-endpoints.ts";
import { addRoute } from "../../add-route.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { UrlEndpointsNeeds } from "./needs.ts";

export function getUrlEndpointRoute(app: FastifyInstance, { database }: UrlEndpointsNeeds): void {
  addRoute(app, operations.getUrlEndpoint, async (request) =>
    getEndpoint(database.reader, principalOfRequest(request).accountId, request.params.id),
  );
}
