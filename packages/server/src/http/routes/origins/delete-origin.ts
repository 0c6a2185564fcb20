import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { dropOrigin } from "../../../endpoints/origins/manage-origins.ts";
import { addRoute } from "../../add-route.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { OriginsNeeds } from "./needs.ts";

export function deleteOriginRoute(app: FastifyInstance, services: OriginsNeeds): void {
  addRoute(app, operations.deleteOrigin, async (request, reply) => {
    await dropOrigin(services, principalOfRequest(request), request.params.id);
    return reply.code(204).send();
  });
}
