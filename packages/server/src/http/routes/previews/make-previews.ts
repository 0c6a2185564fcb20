import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { makePreviews } from "../../../delivery/links/previews.ts";
import { parsePreviews } from "../../../delivery/links/sign-urls.ts";
import { addRoute } from "../../add-route.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { PreviewRoutesNeeds } from "./needs.ts";

export function makePreviewsRoute(app: FastifyInstance, services: PreviewRoutesNeeds): void {
  addRoute(app, operations.makePreviews, async (request, reply) => {
    reply.header("cache-control", "no-store");
    return makePreviews(services, principalOfRequest(request), parsePreviews(jsonObjectOf(request.body)));
  });
}
