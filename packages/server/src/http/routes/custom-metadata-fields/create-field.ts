import { CustomFieldObject } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { createField } from "../../../library/custom-metadata/manage-fields.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { fieldObject } from "./field-object.ts";
import type { FieldsNeeds } from "./needs.ts";

const schema = { response: { 201: CustomFieldObject } };

export function createFieldRoute(app: FastifyInstance, services: FieldsNeeds): void {
  app.post("/v1/customMetadataFields", { schema }, async (request, reply) => {
    const field = await createField(services, principalOfRequest(request), jsonObjectOf(request.body));
    return reply.code(201).send(fieldObject(field));
  });
}
