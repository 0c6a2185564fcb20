import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { restoreFiles } from "../../../library/trash/manage-trash.ts";
import { parseRestoration } from "../../../library/trash/parse-requests.ts";
import { addRoute } from "../../add-route.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { whileConnected } from "../../while-connected.ts";
import type { TrashRoutesNeeds } from "./needs.ts";
import { callerOf } from "./trash-caller.ts";

export function restoreFilesRoute(app: FastifyInstance, services: TrashRoutesNeeds): void {
  addRoute(app, operations.restoreFromTrash, async (request, reply) => {
    const fileIds = parseRestoration(jsonObjectOf(request.body));
    const caller = callerOf(services, request);
    const { restored, errors } = await whileConnected(reply, (signal) =>
      restoreFiles(services, caller, fileIds, signal),
    );
    if (errors.length === 0) return { restored };
    const shown = errors.map(({ fileId, error }) => ({ fileId, ...error.toJSON() }));
    return reply.code(207).send({ restored, errors: shown });
  });
}
