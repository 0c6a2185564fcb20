import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { listAllOrigins } from "../../../endpoints/origins/manage-origins.ts";
import { addRoute } from "../../add-route.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { OriginsNeeds } from "./needs.ts";
import { originObject } from "./origin-object.ts";

export function listOriginsRoute(app: FastifyInstance, { database }: OriginsNeeds): void {
  addRoute(app, operations.listOrigins, async (request) => {
    const { accountId } = principalOfRequest(request);
    return (await listAllOrigins(database.reader, accountId)).map(originObject);
  });
}
