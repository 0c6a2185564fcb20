import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { getNamed } from "../../../library/named-transformations/manage-named-transformations.ts";
import { addRoute } from "../../add-route.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { namedTransformationIdOf } from "./named-transformation-id.ts";
import { namedTransformationObject } from "./named-transformation-object.ts";
import type { NamedTransformationsNeeds } from "./needs.ts";

export function getNamedTransformationRoute(app: FastifyInstance, { database }: NamedTransformationsNeeds): void {
  addRoute(app, operations.getNamedTransformation, async (request) => {
    const { accountId } = principalOfRequest(request);
    return namedTransformationObject(
      await getNamed(database.reader, accountId, namedTransformationIdOf(request.params)),
    );
  });
}
