import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { createNamed } from "../../../library/named-transformations/manage-named-transformations.ts";
import { addRoute } from "../../add-route.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { namedTransformationObject } from "./named-transformation-object.ts";
import type { NamedTransformationsNeeds } from "./needs.ts";

export function createNamedTransformationRoute(app: FastifyInstance, services: NamedTransformationsNeeds): void {
  addRoute(app, operations.createNamedTransformation, async (request, reply) => {
    const named = await createNamed(services, principalOfRequest(request), jsonObjectOf(request.body));
    return reply.code(201).send(namedTransformationObject(named));
  });
}
