import { NamedTransformationObject } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { getNamed } from "../../../library/named-transformations/manage-named-transformations.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { type NamedTransformationParameters, namedTransformationIdOf } from "./named-transformation-id.ts";
import { namedTransformationObject } from "./named-transformation-object.ts";
import type { NamedTransformationsNeeds } from "./needs.ts";

const schema = { response: { 200: NamedTransformationObject } };

export function getNamedTransformationRoute(app: FastifyInstance, { database }: NamedTransformationsNeeds): void {
  app.get<{ Params: NamedTransformationParameters }>("/v1/named-transformations/:id", { schema }, async (request) => {
    const { accountId } = principalOfRequest(request);
    return namedTransformationObject(
      await getNamed(database.reader, accountId, namedTransformationIdOf(request.params)),
    );
  });
}
