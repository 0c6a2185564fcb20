import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { removeField } from "../../../library/custom-metadata/manage-fields.ts";
import { addRoute } from "../../add-route.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { customFieldIdOf } from "./field-id.ts";
import type { FieldsNeeds } from "./needs.ts";

export function deleteFieldRoute(app: FastifyInstance, services: FieldsNeeds): void {
  addRoute(app, operations.deleteCustomField, async (request, reply) => {
    await removeField(services, principalOfRequest(request), customFieldIdOf(request.params));
    return reply.code(204).send();
  });
}
