import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { createGunzip, gzip } from "node:zlib";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { assetHeaders } from "../../web/asset-headers.ts";
import { loadReferenceScripts } from "../../web/reference/load-renderer.ts";
import { referenceHeaders, renderReference } from "../../web/reference/page.ts";
import { addRoute, asPlainJson } from "../add-route.ts";
import { notOnConsoleHost } from "../plugins/console-host.ts";
import { pageOperations } from "./page-operations.ts";

/** `/openapi.json`: the API as an OpenAPI document, for programs and pages of any origin. */
export function openApiRoute(): FastifyPluginAsync {
  let making: Promise<GzippedText> | undefined;
  return async (app) => {
    const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      making ??= makeDocument();
      return sendGzipped(await making, request, reply.headers(documentHeaders));
    };
    addRoute(app, pageOperations.getOpenApi, answer, asPlainJson);
  };
}

/** Made when somebody asks, so that a server without readers neither loads nor keeps it. */
async function makeDocument(): Promise<GzippedText> {
  const { openApiDocument } = await import("../openapi/document.ts");
  return withEtag(await promisify(gzip)(JSON.stringify(openApiDocument())));
}

const documentHeaders = {
  "access-control-allow-origin": "*",
  "content-type": "application/json; charset=utf-8",
  "cross-origin-resource-policy": "cross-origin",
  "x-content-type-options": "nosniff",
} as const;

interface Scripts {
  readonly renderer: GzippedText;
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
    loading ??= load().then(({ renderer, start }) => ({ renderer: withEtag(renderer), start }));
    try {
      return await loading;
    } catch (error) {
      // A file that could not be read now may be readable the next time.
      loading = undefined;
      throw error;
    }
  }

  return async (app) => {
    addRoute(
      app,
      pageOperations.getReference,
      async (_request, reply) => {
        const nonce = randomBytes(16).toString("base64");
        return reply.headers(referenceHeaders(nonce)).send(renderReference(base, nonce));
      },
      notOnConsoleHost,
    );
    app.get(`${base}/start.js`, notOnConsoleHost, async (_request, reply) =>
      reply.headers(scriptHeaders).send((await scripts()).start),
    );
    app.get(`${base}/renderer.js`, notOnConsoleHost, async (request, reply) => {
      const { renderer } = await scripts();
      return sendGzipped(renderer, request, reply.headers(scriptHeaders));
    });
  };
}

/** Text that is kept once, gzipped, and sent to everybody. */
interface GzippedText {
  readonly bytes: Buffer;
  readonly etag: string;
}

function withEtag(gzipped: Buffer): GzippedText {
  const digest = createHash("sha256").update(gzipped).digest("base64url");
  // Weak, because the decoded text has the same one.
  return { bytes: gzipped, etag: `W/"${digest}"` };
}

/** Sends the text, or 304. Every answer shares the same bytes, so that slow readers take no memory of their own. */
function sendGzipped({ bytes, etag }: GzippedText, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  // The text changes with the program alone, which an update may replace at any time.
  reply.headers({ "cache-control": "no-cache", vary: "Accept-Encoding", etag });
  if (request.headers["if-none-match"] === etag) return reply.code(304).send();
  const accepted = request.headers["accept-encoding"]?.toString() ?? "";
  // Every browser accepts gzip.
  if (/\bgzip\b(?!\s*;\s*q=0)/i.test(accepted)) return reply.header("content-encoding", "gzip").send(bytes);
  return reply.send(Readable.from([bytes]).pipe(createGunzip()));
}
