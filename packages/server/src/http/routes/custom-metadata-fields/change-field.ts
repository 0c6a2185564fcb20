import { CustomFieldObject } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { changeField } from "../../../library/custom-metadata/manage-fields.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { customFieldIdOf, type FieldParameters } from "./field-id.ts";
import { fieldObject } from "./field-object.ts";
import type { FieldsNeeds } from "./needs.ts";

const schema = { response: { 200: CustomFieldObject } };

export function changeFieldRoute(app: FastifyInstance, services: FieldsNeeds): void {
  app.patch<{ Params: FieldParameters }>("/v1/customMetadataFields/:id", { schema }, async (request) => {
    const id = customFieldIdOf(request.params);
    return fieldObject(await changeField(services, principalOfRequest(request), id, jsonObjectOf(request.body)));
  });
}
