import { operations } from "@sluice/protocol/schemas";
import { create as contentDisposition } from "content-disposition";
import type { FastifyInstance } from "fastify";
import { beginZip, type ZipNeeds } from "../../../downloads/zip-downloads.ts";
import { addRoute } from "../../add-route.ts";
import { countedBody } from "../../counted-body.ts";
import { raisePriority } from "../../plugins/bound-connections.ts";
import { whileConnected } from "../../while-connected.ts";
import type { ZipDownloadsNeeds } from "./needs.ts";

const type = "application/zip";

/** Sends an archive to whoever has its ticket. A question by HEAD would use the ticket up, so there is none. */
export function sendZip(app: FastifyInstance, needs: ZipDownloadsNeeds & ZipNeeds): void {
  addRoute(
    app,
    operations.downloadZip,
    async (request, reply) => {
      const { accountId, fileName, size, body } = await whileConnected(reply, (signal) =>
        beginZip(needs, request.query.ticket, signal),
      );
      raisePriority(request.raw, "authenticated");
      body.once("error", (error) => {
        // Only the connection can be cut now, which the reply does. A client that has left is no error of the server's.
        if (!reply.raw.destroyed) request.log.error({ err: error }, "a ZIP ended before its last byte");
      });
      const counted = countedBody(body, (bytes, first) =>
        needs.usageCounts.add({ accountId, status: 200, type }, first ? 1 : 0, bytes),
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
