import { operations, PurgeRequest } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { requestPurge } from "../../../delivery/purge/purge.ts";
import { unknownParameter } from "../../../text/parameter.ts";
import { addRoute } from "../../add-route.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { PurgeRoutesNeeds } from "./needs.ts";

export function requestPurgeRoute(app: FastifyInstance, services: PurgeRoutesNeeds): void {
  addRoute(app, operations.purgeFiles, async (request, reply) => {
    const { url, ...others } = jsonObjectOf(request.body);
    for (const name of Object.keys(others)) throw unknownParameter(name, Object.keys(PurgeRequest.properties));
    return reply.code(201).send({ requestId: await requestPurge(services, principalOfRequest(request), url) });
  });
}
