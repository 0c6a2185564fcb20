import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { requestPurge } from "../../../delivery/purge/purge.ts";
import { unknownParameter } from "../../../library/parameters/parameter.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { PurgeNeeds } from "./needs.ts";

const schema = { response: { 201: Type.Object({ requestId: Type.String() }) } };

export function requestPurgeRoute(app: FastifyInstance, services: PurgeNeeds): void {
  app.post("/v1/files/purge", { schema }, async (request, reply) => {
    const { url, ...others } = jsonObjectOf(request.body);
    for (const name of Object.keys(others)) throw unknownParameter(name, ["url"]);
    return reply.code(201).send({ requestId: await requestPurge(services, principalOfRequest(request), url) });
  });
}
