import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { createField } from "../../../library/custom-metadata/manage-fields.ts";
import { addRoute } from "../../add-route.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { fieldObject } from "./field-object.ts";
import type { FieldsNeeds } from "./needs.ts";

export function createFieldRoute(app: FastifyInstance, services: FieldsNeeds): void {
  addRoute(app, operations.createCustomField, async (request, reply) => {
    const field = await createField(services, principalOfRequest(request), jsonObjectOf(request.body));
    return reply.code(201).send(fieldObject(field));
  });
}
