import type { FastifyInstance } from "fastify";
import { removeNamed } from "../../../library/named-transformations/manage-named-transformations.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { type NamedTransformationParameters, namedTransformationIdOf } from "./named-transformation-id.ts";
import type { NamedTransformationsNeeds } from "./needs.ts";

export function deleteNamedTransformationRoute(app: FastifyInstance, services: NamedTransformationsNeeds): void {
  app.delete<{ Params: NamedTransformationParameters }>("/v1/named-transformations/:id", async (request, reply) => {
    await removeNamed(services, principalOfRequest(request), namedTransformationIdOf(request.params));
    return reply.code(204).send();
  });
}
