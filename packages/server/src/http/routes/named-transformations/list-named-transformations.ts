import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { listNamed } from "../../../library/named-transformations/manage-named-transformations.ts";
import { addRoute } from "../../add-route.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { namedTransformationObject } from "./named-transformation-object.ts";
import type { NamedTransformationsNeeds } from "./needs.ts";

export function listNamedTransformationsRoute(app: FastifyInstance, { database }: NamedTransformationsNeeds): void {
  addRoute(app, operations.listNamedTransformations, async (request) => {
    const { accountId } = principalOfRequest(request);
    return (await listNamed(database.reader, accountId)).map(namedTransformationObject);
  });
}
