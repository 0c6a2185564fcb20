import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { purgeStatus } from "../../../delivery/purge/purge.ts";
import { addRoute } from "../../add-route.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { PurgeRoutesNeeds } from "./needs.ts";

export function purgeStatusRoute(app: FastifyInstance, services: PurgeRoutesNeeds): void {
  addRoute(app, operations.getPurgeStatus, async (request) => {
    const { accountId } = principalOfRequest(request);
    return purgeStatus(services, accountId, request.params.requestId);
  });
}
