import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { addOrigin } from "../../../endpoints/origins/manage-origins.ts";
import { addRoute } from "../../add-route.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { OriginsNeeds } from "./needs.ts";
import { originObject } from "./origin-object.ts";

export function createOriginRoute(app: FastifyInstance, services: OriginsNeeds): void {
  addRoute(app, operations.createOrigin, async (request, reply) => {
    const origin = await addOrigin(services, principalOfRequest(request), jsonObjectOf(request.body));
    return reply.code(201).send(originObject(origin));
  });
}
