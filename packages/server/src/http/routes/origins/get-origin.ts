import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { getOrigin } from "../../../endpoints/origins/manage-origins.ts";
import { addRoute } from "../../add-route.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { OriginsNeeds } from "./needs.ts";
import { originObject } from "./origin-object.ts";

export function getOriginRoute(app: FastifyInstance, { database }: OriginsNeeds): void {
  addRoute(app, operations.getOrigin, async (request) =>
    originObject(await getOrigin(database.reader, principalOfRequest(request).accountId, request.params.id)),
  );
}
