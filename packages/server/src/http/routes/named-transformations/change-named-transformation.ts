import { NamedTransformationObject } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { changeNamed } from "../../../library/named-transformations/manage-named-transformations.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { type NamedTransformationParameters, namedTransformationIdOf } from "./named-transformation-id.ts";
import { namedTransformationObject } from "./named-transformation-object.ts";
import type { NamedTransformationsNeeds } from "./needs.ts";

const schema = { response: { 200: NamedTransformationObject } };

export function changeNamedTransformationRoute(app: FastifyInstance, services: NamedTransformationsNeeds): void {
  app.patch<{ Params: NamedTransformationParameters }>("/v1/named-transformations/:id", { schema }, async (request) => {
    const id = namedTransformationIdOf(request.params);
    const named = await changeNamed(services, principalOfRequest(request), id, jsonObjectOf(request.body));
    return namedTransformationObject(named);
  });
}
