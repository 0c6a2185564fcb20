import { operations } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync } from "fastify";
import { offerZip, RunningDownloads } from "../../../downloads/zip-downloads.ts";
import { parseZipSelection } from "../../../downloads/zip-selection.ts";
import { addRoute } from "../../add-route.ts";
import { jsonObjectOf, keepBodiesRaw } from "../../json-body.ts";
import { principalOfRequest, requireBasicAuth } from "../../plugins/basic-auth.ts";
import { listTurns } from "../files/list-turns.ts";
import type { ZipDownloadsNeeds } from "./needs.ts";
import { sendZip } from "./send-zip.ts";

/** Downloads of files and folders as one ZIP. No cache keeps a ticket or an archive. */
export function zipDownloadsRoutes(services: ZipDownloadsNeeds): FastifyPluginAsync {
  const needs = { ...services, running: new RunningDownloads() };
  const inTurn = listTurns();
  return async (app) => {
    app.addHook("onSend", async (_request, reply) => void reply.header("cache-control", "no-store"));
    sendZip(app, needs);
    app.register(async (inside) => {
      requireBasicAuth(inside, services);
      keepBodiesRaw(inside);
      addRoute(inside, operations.createZipDownload, async (request, reply) => {
        const selection = parseZipSelection(jsonObjectOf(request.body), services.config.limits.zipFiles);
        const principal = principalOfRequest(request);
        const offering = (signal: AbortSignal) => offerZip(needs, principal, selection, signal);
        const { ticket, expiresAt, ...offer } = await inTurn(reply, principal.accountId, offering);
        // The log leaves queries out.
        const url = `${services.publicUrl()}${operations.downloadZip.path}?ticket=${ticket}`;
        return reply.code(201).send({ url, ...offer, expiresAt: new Date(expiresAt).toISOString() });
      });
    });
  };
}
