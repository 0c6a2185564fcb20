import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { changeField } from "../../../library/custom-metadata/manage-fields.ts";
import { addRoute } from "../../add-route.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { customFieldIdOf } from "./field-id.ts";
import { fieldObject } from "./field-object.ts";
import type { FieldsNeeds } from "./needs.ts";

export function changeFieldRoute(app: FastifyInstance, services: FieldsNeeds): void {
  addRoute(app, operations.changeCustomField, async (request) => {
    const id = customFieldIdOf(request.params);
    return fieldObject(await changeField(services, principalOfRequest(request), id, jsonObjectOf(request.body)));
  });
}
