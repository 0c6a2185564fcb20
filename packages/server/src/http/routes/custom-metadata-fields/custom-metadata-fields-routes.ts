import { SluiceError } from "@sluice/protocol";
import type { FastifyPluginAsync } from "fastify";
import { keepBodiesRaw } from "../../json-body.ts";
import { requireBasicAuth } from "../../plugins/basic-auth.ts";
import { changeFieldRoute } from "./change-field.ts";
import { createFieldRoute } from "./create-field.ts";
import { deleteFieldRoute } from "./delete-field.ts";
import { listFieldsRoute } from "./list-fields.ts";
import type { FieldsNeeds } from "./needs.ts";

/** The fields that custom metadata is checked against (docs/protocol/media-api.md §7). */
export function customMetadataFieldsRoutes(services: FieldsNeeds): FastifyPluginAsync {
  return async (app) => {
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    for (const route of [listFieldsRoute, createFieldRoute, changeFieldRoute, deleteFieldRoute]) route(app, services);
    app.route({
      method: ["PATCH", "DELETE"],
      url: "/v1/customMetadataFields",
      handler: () => {
        throw new SluiceError("CUSTOM_FIELD_ID_MISSING");
      },
    });
  };
}
