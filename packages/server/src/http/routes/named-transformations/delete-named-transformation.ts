import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { removeNamed } from "../../../library/named-transformations/manage-named-transformations.ts";
import { addRoute } from "../../add-route.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { namedTransformationIdOf } from "./named-transformation-id.ts";
import type { NamedTransformationsNeeds } from "./needs.ts";

export function deleteNamedTransformationRoute(app: FastifyInstance, services: NamedTransformationsNeeds): void {
  addRoute(app, operations.deleteNamedTransformation, async (request, reply) => {
    await removeNamed(services, principalOfRequest(request), namedTransformationIdOf(request.params));
    return reply.code(204).send();
  });
}
