import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { changeOrigin } from "../../../endpoints/origins/manage-origins.ts";
import { addRoute } from "../../add-route.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { OriginsNeeds } from "./needs.ts";
import { originObject } from "./origin-object.ts";

export function replaceOriginRoute(app: FastifyInstance, services: OriginsNeeds): void {
  addRoute(app, operations.replaceOrigin, async (request) =>
    originObject(
      await changeOrigin(services, principalOfRequest(request), request.params.id, jsonObjectOf(request.body)),
    ),
  );
}
