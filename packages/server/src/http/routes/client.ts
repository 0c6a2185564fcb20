import { createHash } from "node:crypto";
import { SluiceError } from "@sluice/protocol";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { loadClient } from "../../browser-client/load-client.ts";

/** `/_sluice/client.js`: the browser client as an ES module, for pages of any origin. */
export function clientRoute(): FastifyPluginAsync {
  return async (app) => {
    let loading: ReturnType<typeof loadClient> | undefined;
    async function send(path: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
      loading ??= loadClient();
      const source = (await loading).get(path);
      if (source === undefined) throw new SluiceError("ROUTE_NOT_FOUND");
      const etag = `"${createHash("sha256").update(source).digest("base64url")}"`;
      reply.headers(headers).header("etag", etag);
      if (request.headers["if-none-match"] === etag) return reply.code(304).send();
      return reply.send(source);
    }
    app.get("/_sluice/client.js", (request, reply) => send("client.js", request, reply));
    app.get<{ Params: { "*": string } }>("/_sluice/client/*", (request, reply) =>
      send(`client/${request.params["*"]}`, request, reply),
    );
  };
}

const headers = {
  "access-control-allow-origin": "*",
  "cache-control": "no-cache",
  "content-type": "text/javascript; charset=utf-8",
  "cross-origin-resource-policy": "cross-origin",
  "x-content-type-options": "nosniff",
} as const;
