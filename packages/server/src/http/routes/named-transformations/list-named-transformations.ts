import { NamedTransformationList } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { listNamed } from "../../../library/named-transformations/manage-named-transformations.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { namedTransformationObject } from "./named-transformation-object.ts";
import type { NamedTransformationsNeeds } from "./needs.ts";

const schema = { response: { 200: NamedTransformationList } };

export function listNamedTransformationsRoute(app: FastifyInstance, { database }: NamedTransformationsNeeds): void {
  app.get("/v1/named-transformations", { schema }, async (request) => {
    const { accountId } = principalOfRequest(request);
    return (await listNamed(database.reader, accountId)).map(namedTransformationObject);
  });
}
