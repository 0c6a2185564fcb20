import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { awaitExtensions } from "../../../extensions/await-extensions.ts";
import { parseFilePatchWithExtensions, patchFile } from "../../../extensions/file-patch/patch-file.ts";
import { resolveExtensions } from "../../../extensions/resolve-extensions.ts";
import { fileObject } from "../../../library/files/file-object.ts";
import { addRoute } from "../../add-route.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { whileConnected } from "../../while-connected.ts";
import { changeOf, endpointOf } from "./caller.ts";
import { fileIdOf } from "./file-ids.ts";
import type { FilesNeeds } from "./needs.ts";

export function patchFileDetailsRoute(app: FastifyInstance, services: FilesNeeds): void {
  addRoute(app, operations.changeFile, async (request, reply) => {
    const principal = principalOfRequest(request);
    const { accountId } = principal;
    const target = { accountId, ...fileIdOf(request.params), ...changeOf(services, request) };
    const patch = parseFilePatchWithExtensions(jsonObjectOf(request.body));
    const { extensions = [], webhookUrl } = patch.kind === "details" ? patch.others : {};
    const fields = () => services.customFields.of(accountId);
    const plan = await resolveExtensions(services, {
      principal,
      extensions,
      webhookUrl: webhookUrl ?? undefined,
      fields,
    });
    const changed = await patchFile(services, target, patch, plan?.runs);
    const { asset, ...status } = await whileConnected(reply, (signal) =>
      awaitExtensions(services, plan, changed, signal),
    );
    return { ...fileObject(asset, await endpointOf(services, request, [asset])), ...status };
  });
}
