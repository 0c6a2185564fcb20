import type { FastifyInstance } from "fastify";
import { uploadHeaders } from "../../plugins/cors.ts";

/** The headers of the protocol that pages of other origins may read. */
const exposed = [
  "Location",
  "Tus-Checksum-Algorithm",
  "Tus-Extension",
  "Tus-Max-Size",
  "Tus-Resumable",
  "Tus-Version",
  "Upload-Defer-Length",
  "Upload-Expires",
  "Upload-Length",
  "Upload-Metadata",
  "Upload-Offset",
];

export const tusVersion = "1.0.0";

const headers = {
  ...uploadHeaders,
  "access-control-expose-headers": [uploadHeaders["access-control-expose-headers"], ...exposed].join(", "),
  "cache-control": "no-store",
  // The URL is a credential.
  "referrer-policy": "no-referrer",
  "tus-resumable": tusVersion,
};

/** Sends what every answer of the protocol has, refusals included. No cookies are used, so any origin is right. */
export function sendTusHeaders(app: FastifyInstance): void {
  app.addHook("onRequest", (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
}
