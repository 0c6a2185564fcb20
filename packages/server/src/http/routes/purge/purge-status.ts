import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { purgeStatus } from "../../../delivery/purge/purge.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { PurgeNeeds } from "./needs.ts";

const schema = { response: { 200: Type.Object({ status: Type.Enum(["Pending", "Completed"]) }) } };

export function purgeStatusRoute(app: FastifyInstance, services: PurgeNeeds): void {
  app.get<{ Params: { requestId: string } }>("/v1/files/purge/:requestId", { schema }, async (request) => {
    const { accountId } = principalOfRequest(request);
    return { status: await purgeStatus(services, accountId, request.params.requestId) };
  });
}
