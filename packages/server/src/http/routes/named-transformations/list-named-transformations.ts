import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { listNamed } from "../../../library/named-transformations/manage-named-transformations.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { NamedTransformationObject, namedTransformationObject } from "./named-transformation-object.ts";
import type { NamedTransformationsNeeds } from "./needs.ts";

const schema = { response: { 200: Type.Array(NamedTransformationObject) } };

export function listNamedTransformationsRoute(app: FastifyInstance, { database }: NamedTransformationsNeeds): void {
  app.get("/v1/named-transformations", { schema }, async (request) => {
    const { accountId } = principalOfRequest(request);
    return (await listNamed(database.reader, accountId)).map(namedTransformationObject);
  });
}
