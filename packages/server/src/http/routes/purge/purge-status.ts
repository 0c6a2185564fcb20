import { PurgeStatus } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { purgeStatus } from "../../../delivery/purge/purge.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { PurgeRoutesNeeds } from "./needs.ts";

const schema = { response: { 200: PurgeStatus } };

export function purgeStatusRoute(app: FastifyInstance, services: PurgeRoutesNeeds): void {
  app.get<{ Params: { requestId: string } }>("/v1/files/purge/:requestId", { schema }, async (request) => {
    const { accountId } = principalOfRequest(request);
    return { status: await purgeStatus(services, accountId, request.params.requestId) };
  });
}
