import { createHash } from "node:crypto";
import { SluiceError } from "@sluice/protocol";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { loadClient } from "../../web/browser-client/load-client.ts";
import { addRoute } from "../add-route.ts";
import { pageOperations } from "./page-operations.ts";

interface Module {
  readonly source: string;
  readonly etag: string;
}

/** `/_sluice/client.js`: the browser client as an ES module, for pages of any origin. */
export function clientRoute(load = loadClient): FastifyPluginAsync {
  return async (app) => {
    let loading: Promise<ReadonlyMap<string, Module>> | undefined;
    async function modules(): Promise<ReadonlyMap<string, Module>> {
      loading ??= loadModules(load);
      try {
        return await loading;
      } catch (error) {
        // A module that could not be read now may be readable the next time.
        loading = undefined;
        throw error;
      }
    }
    async function send(path: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
      const module = (await modules()).get(path);
      if (module === undefined) throw new SluiceError("ROUTE_NOT_FOUND");
      reply.headers(headers).header("etag", module.etag);
      if (request.headers["if-none-match"] === module.etag) return reply.code(304).send();
      return reply.send(module.source);
    }
    addRoute(app, pageOperations.getClient, (request, reply) => send("client.js", request, reply));
    app.get<{ Params: { "*": string } }>("/_sluice/client/*", (request, reply) =>
      send(`client/${request.params["*"]}`, request, reply),
    );
  };
}

async function loadModules(load: typeof loadClient): Promise<ReadonlyMap<string, Module>> {
  const sources = await load();
  return new Map([...sources].map(([path, source]) => [path, { source, etag: etagOf(source) }]));
}

function etagOf(source: string): string {
  return `"${createHash("sha256").update(source).digest("base64url")}"`;
}

const headers = {
  "access-control-allow-origin": "*",
  "cache-control": "no-cache",
  "content-type": "text/javascript; charset=utf-8",
  "cross-origin-resource-policy": "cross-origin",
  "x-content-type-options": "nosniff",
} as const;
