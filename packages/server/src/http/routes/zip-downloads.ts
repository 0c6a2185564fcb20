import { operations } from "@sluice/protocol/schemas";
import { create as contentDisposition } from "content-disposition";
import type { FastifyInstance, FastifyPluginAsync } from "fastify";
import type { DownloadDeps } from "../../downloads/zip-downloads.ts";
import { beginZip, offerZip, RunningDownloads, type ZipDeps } from "../../downloads/zip-downloads.ts";
import { parseZipSelection } from "../../downloads/zip-selection.ts";
import type { UsageCounts } from "../../usage/usage-counts.ts";
import { addRoute } from "../add-route.ts";
import { countedBody } from "../counted-body.ts";
import { jsonObjectOf, keepBodiesRaw } from "../json-body.ts";
import { type AuthDeps, principalOfRequest, requireBasicAuth } from "../plugins/basic-auth.ts";
import { raisePriority } from "../plugins/bound-connections.ts";
import { whileConnected } from "../while-connected.ts";
import { listTurns } from "./files/list-turns.ts";

type ZipDownloadsDeps = AuthDeps &
  DownloadDeps & {
    readonly usageCounts: Pick<UsageCounts, "add">;
    /** The address under which clients reach this server, without a trailing slash. */
    readonly publicUrl: () => string;
  };

/** Downloads of files and folders as one ZIP. No cache keeps a ticket or an archive. */
export function zipDownloadsRoutes(services: ZipDownloadsDeps): FastifyPluginAsync {
  const deps = { ...services, running: new RunningDownloads() };
  const inTurn = listTurns();
  return async (app) => {
    app.addHook("onSend", async (_request, reply) => void reply.header("cache-control", "no-store"));
    sendZip(app, deps);
    app.register(async (inside) => {
      requireBasicAuth(inside, services);
      keepBodiesRaw(inside);
      addRoute(inside, operations.createZipDownload, async (request, reply) => {
        const selection = parseZipSelection(jsonObjectOf(request.body), services.config.limits.zipFiles);
        const principal = principalOfRequest(request);
        const offering = (signal: AbortSignal) => offerZip(deps, principal, selection, signal);
        const { ticket, expiresAt, ...offer } = await inTurn(reply, principal.accountId, offering);
        // The log leaves queries out.
        const url = `${services.publicUrl()}${operations.downloadZip.path}?ticket=${ticket}`;
        return reply.code(201).send({ url, ...offer, expiresAt: new Date(expiresAt).toISOString() });
      });
    });
  };
}

const type = "application/zip";

/** Sends an archive to whoever has its ticket. A question by HEAD would use the ticket up, so there is none. */
function sendZip(app: FastifyInstance, deps: ZipDownloadsDeps & ZipDeps): void {
  addRoute(
    app,
    operations.downloadZip,
    async (request, reply) => {
      const { accountId, fileName, size, body } = await whileConnected(reply, (signal) =>
        beginZip(deps, request.query.ticket, signal),
      );
      raisePriority(request.raw, "authenticated");
      body.once("error", (error) => {
        // Only the connection can be cut now, which the reply does. A client that has left is no error of the server's.
        if (!reply.raw.destroyed) request.log.error({ err: error }, "a ZIP ended before its last byte");
      });
      const counted = countedBody(body, (bytes, first) =>
        deps.usageCounts.add({ accountId, status: 200, type }, first ? 1 : 0, bytes),
      );
      return reply
        .headers({
          "content-type": type,
          "content-length": size,
          "content-disposition": contentDisposition(fileName),
          "x-content-type-options": "nosniff",
          "referrer-policy": "no-referrer",
          "accept-ranges": "none",
        })
        .send(counted);
    },
    { exposeHeadRoute: false },
  );
}
