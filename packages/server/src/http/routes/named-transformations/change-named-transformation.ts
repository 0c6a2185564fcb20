import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { changeNamed } from "../../../library/named-transformations/manage-named-transformations.ts";
import { addRoute } from "../../add-route.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { namedTransformationIdOf } from "./named-transformation-id.ts";
import { namedTransformationObject } from "./named-transformation-object.ts";
import type { NamedTransformationsNeeds } from "./needs.ts";

export function changeNamedTransformationRoute(app: FastifyInstance, services: NamedTransformationsNeeds): void {
  addRoute(app, operations.changeNamedTransformation, async (request) => {
    const id = namedTransformationIdOf(request.params);
    const named = await changeNamed(services, principalOfRequest(request), id, jsonObjectOf(request.body));
    return namedTransformationObject(named);
  });
}
