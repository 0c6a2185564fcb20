import { createHash } from "node:crypto";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { addRoute, asPlainJson } from "../add-route.ts";
import { pageOperations } from "./page-operations.ts";

interface Served {
  readonly text: string;
  readonly etag: string;
}

/** `/openapi.json`: the API as an OpenAPI document, for programs and pages of any origin. */
export function openApiRoute(): FastifyPluginAsync {
  let making: Promise<Served> | undefined;
  return async (app) => {
    const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      making ??= make();
      const { text, etag } = await making;
      reply.headers(headers).header("etag", etag);
      if (request.headers["if-none-match"] === etag) return reply.code(304).send();
      return reply.send(text);
    };
    addRoute(app, pageOperations.getOpenApi, answer, asPlainJson);
  };
}

/** Made when somebody asks, so that a server without readers neither loads nor keeps it. */
async function make(): Promise<Served> {
  const { openApiDocument } = await import("../openapi/document.ts");
  const text = JSON.stringify(openApiDocument());
  return { text, etag: `"${createHash("sha256").update(text).digest("base64url")}"` };
}

const headers = {
  "access-control-allow-origin": "*",
  // The document changes with the program's version alone, which an update may replace at any time.
  "cache-control": "no-cache",
  "content-type": "application/json; charset=utf-8",
  "cross-origin-resource-policy": "cross-origin",
  "x-content-type-options": "nosniff",
} as const;
