import { createHash, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { assetHeaders } from "../../pages/demo/page-headers.ts";
import { loadReferenceScripts } from "../../pages/reference/load-renderer.ts";
import { renderReference } from "../../pages/reference/page.ts";
import { referenceHeaders } from "../../pages/reference/page-headers.ts";
import { addRoute } from "../add-route.ts";
import { pageOperations } from "./page-operations.ts";

interface Scripts {
  /** The renderer, gzipped. */
  readonly renderer: Buffer<ArrayBuffer>;
  readonly etag: string;
  readonly start: string;
}

const base = pageOperations.getReference.path;
const scriptHeaders = assetHeaders("text/javascript; charset=utf-8");

/**
 * `/docs/api`: the API's reference as a page. Its scripts are loaded when somebody opens it, so that a server without
 * readers doesn't keep them.
 */
export function referenceRoutes(load = loadReferenceScripts): FastifyPluginAsync {
  let loading: Promise<Scripts> | undefined;

  async function scripts(): Promise<Scripts> {
    loading ??= load().then((loaded) => ({ ...loaded, etag: etagOf(loaded.renderer) }));
    try {
      return await loading;
    } catch (error) {
      // A file that could not be read now may be readable the next time.
      loading = undefined;
      throw error;
    }
  }

  return async (app) => {
    addRoute(app, pageOperations.getReference, async (_request, reply) => {
      const nonce = randomBytes(16).toString("base64");
      return reply.headers(referenceHeaders(nonce)).send(renderReference(base, nonce));
    });
    app.get(`${base}/start.js`, async (_request, reply) => reply.headers(scriptHeaders).send((await scripts()).start));
    app.get(`${base}/renderer.js`, async (request, reply) => sendRenderer(await scripts(), request, reply));
  };
}

async function sendRenderer({ renderer, etag }: Scripts, request: FastifyRequest, reply: FastifyReply) {
  // The script changes with the program's version alone, which an update may replace at any time.
  reply.headers({ ...scriptHeaders, "cache-control": "no-cache", vary: "Accept-Encoding", etag });
  if (request.headers["if-none-match"] === etag) return reply.code(304).send();
  // Every browser accepts gzip.
  const acceptsGzip = /\bgzip\b(?!\s*;\s*q=0)/i.test(request.headers["accept-encoding"]?.toString() ?? "");
  if (acceptsGzip) return reply.header("content-encoding", "gzip").send(renderer);
  return reply.send(await promisify(gunzip)(renderer));
}

function etagOf(renderer: Buffer<ArrayBuffer>): string {
  return `W/"${createHash("sha256").update(renderer).digest("base64url")}"`;
}
