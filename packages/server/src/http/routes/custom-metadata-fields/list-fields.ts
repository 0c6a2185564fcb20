import { SluiceError } from "@sluice/protocol";
import { CustomFieldListQuery, operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { listFields } from "../../../library/custom-metadata/manage-fields.ts";
import { parseBoolean } from "../../../library/parameters/values.ts";
import { namingParameter, unknownParameter } from "../../../text/parameter.ts";
import { addRoute } from "../../add-route.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { fieldObject } from "./field-object.ts";
import type { FieldsNeeds } from "./needs.ts";

const known = Object.keys(CustomFieldListQuery.properties);

export function listFieldsRoute(app: FastifyInstance, { database }: FieldsNeeds): void {
  addRoute(app, operations.listCustomFields, async (request) => {
    const { accountId } = principalOfRequest(request);
    const fields = await listFields(database.reader, accountId, parseQuery(request.query));
    return fields.map(fieldObject);
  });
}

/** Every field applies to every folder, so `folderPath` excludes no field, whatever its value. */
function parseQuery(query: Readonly<Record<string, unknown>>): { readonly includeDeleted: boolean } {
  for (const [name, value] of Object.entries(query)) {
    if (!known.includes(name)) throw unknownParameter(name, known);
    if (typeof value !== "string") throw new SluiceError("PARAMETER_REPEATED", { parameter: name });
  }
  const text = query.includeDeleted;
  const includeDeleted =
    typeof text === "string" && text !== "" && namingParameter("includeDeleted", () => parseBoolean(text));
  return { includeDeleted };
}
