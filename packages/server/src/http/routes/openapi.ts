import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { addRoute, asPlainJson } from "../add-route.ts";
import { type GzippedText, gzippedText, sendGzipped } from "../send-gzipped.ts";
import { pageOperations } from "./page-operations.ts";

/** `/openapi.json`: the API as an OpenAPI document, for programs and pages of any origin. */
export function openApiRoute(): FastifyPluginAsync {
  let making: Promise<GzippedText> | undefined;
  return async (app) => {
    const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      making ??= make();
      return sendGzipped(await making, request, reply.headers(headers));
    };
    addRoute(app, pageOperations.getOpenApi, answer, asPlainJson);
  };
}

/** Made when somebody asks, so that a server without readers neither loads nor keeps it. */
async function make(): Promise<GzippedText> {
  const { openApiDocument } = await import("../openapi/document.ts");
  return gzippedText(JSON.stringify(openApiDocument()));
}

const headers = {
  "access-control-allow-origin": "*",
  "content-type": "application/json; charset=utf-8",
  "cross-origin-resource-policy": "cross-origin",
  "x-content-type-options": "nosniff",
} as const;
