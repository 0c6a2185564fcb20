import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { listEndpoints } from "../../../endpoints/url-endpoints/manage-url-endpoints.ts";
import { addRoute } from "../../add-route.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { UrlEndpointsNeeds } from "./needs.ts";

export function listUrlEndpointsRoute(app: FastifyInstance, { database }: UrlEndpointsNeeds): void {
  addRoute(app, operations.listUrlEndpoints, async (request) =>
    listEndpoints(database.reader, principalOfRequest(request).accountId),
  );
}
