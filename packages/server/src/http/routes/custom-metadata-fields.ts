import { SluiceError } from "@sluice/protocol";
import { CustomFieldListQuery, type CustomFieldObject, operations } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync } from "fastify";
import type { CustomField } from "../../library/custom-metadata/field.ts";
import { changeField, createField, listFields, removeField } from "../../library/custom-metadata/manage-fields.ts";
import { parseBoolean } from "../../library/parameters/values.ts";
import { isId } from "../../text/id.ts";
import { invalidParameter, namingParameter, unknownParameter } from "../../text/parameter.ts";
import { addRoute, type DepsOf } from "../add-route.ts";
import { jsonObjectOf, keepBodiesRaw } from "../json-body.ts";
import { type AuthDeps, principalOfRequest, requireBasicAuth } from "../plugins/basic-auth.ts";

type FieldsDeps = AuthDeps & DepsOf<typeof createField> & DepsOf<typeof changeField> & DepsOf<typeof removeField>;

/** The fields that custom metadata is checked against (docs/protocol/media-api.md §7). */
export function customMetadataFieldsRoutes(services: FieldsDeps): FastifyPluginAsync {
  return async (app) => {
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    addRoute(app, operations.listCustomFields, async (request) => {
      const { viewer } = principalOfRequest(request);
      const fields = await listFields(services.database.reader, viewer, parseQuery(request.query));
      return fields.map(fieldObject);
    });
    addRoute(app, operations.createCustomField, async (request, reply) => {
      const field = await createField(services, principalOfRequest(request), jsonObjectOf(request.body));
      return reply.code(201).send(fieldObject(field));
    });
    addRoute(app, operations.changeCustomField, async (request) => {
      const id = fieldIdOf(request.params);
      return fieldObject(await changeField(services, principalOfRequest(request), id, jsonObjectOf(request.body)));
    });
    addRoute(app, operations.deleteCustomField, async (request, reply) => {
      await removeField(services, principalOfRequest(request), fieldIdOf(request.params));
      return reply.code(204).send();
    });
    app.route({
      method: ["PATCH", "DELETE"],
      url: "/v1/customMetadataFields",
      handler: () => {
        throw new SluiceError("CUSTOM_FIELD_ID_MISSING");
      },
    });
  };
}

/** @throws SluiceError PARAMETER_INVALID when the id in the path is not an id (docs/protocol/media-api.md §7) */
function fieldIdOf({ id }: { readonly id: string }): string {
  if (!isId(id)) throw invalidParameter("ID", "An id has 24 characters, 0 to 9 and a to f.");
  return id;
}

const known = Object.keys(CustomFieldListQuery.properties);

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

function fieldObject({ description, ...field }: CustomField): CustomFieldObject {
  return { ...field, ...(description !== null && { description }) };
}
