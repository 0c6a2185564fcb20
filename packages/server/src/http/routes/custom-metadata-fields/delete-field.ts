import type { FastifyInstance } from "fastify";
import { removeField } from "../../../library/custom-metadata/manage-fields.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { customFieldIdOf, type FieldParameters } from "./field-id.ts";
import type { FieldsNeeds } from "./needs.ts";

export function deleteFieldRoute(app: FastifyInstance, services: FieldsNeeds): void {
  app.delete<{ Params: FieldParameters }>("/v1/customMetadataFields/:id", async (request, reply) => {
    await removeField(services, principalOfRequest(request), customFieldIdOf(request.params));
    return reply.code(204).send();
  });
}
