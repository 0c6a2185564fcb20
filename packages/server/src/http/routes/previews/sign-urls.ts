import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { parseSignatures, signUrls } from "../../../delivery/links/sign-urls.ts";
import { addRoute } from "../../add-route.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { PreviewRoutesNeeds } from "./needs.ts";

export function signUrlsRoute(app: FastifyInstance, services: PreviewRoutesNeeds): void {
  addRoute(app, operations.signUrls, async (request, reply) => {
    reply.header("cache-control", "no-store");
    return signUrls(services, principalOfRequest(request), parseSignatures(jsonObjectOf(request.body)));
  });
}
