import { NamedTransformationObject } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { createNamed } from "../../../library/named-transformations/manage-named-transformations.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { namedTransformationObject } from "./named-transformation-object.ts";
import type { NamedTransformationsNeeds } from "./needs.ts";

const schema = { response: { 201: NamedTransformationObject } };

export function createNamedTransformationRoute(app: FastifyInstance, services: NamedTransformationsNeeds): void {
  app.post("/v1/named-transformations", { schema }, async (request, reply) => {
    const named = await createNamed(services, principalOfRequest(request), jsonObjectOf(request.body));
    return reply.code(201).send(namedTransformationObject(named));
  });
}
