import { randomBytes } from "node:crypto";
import type { FastifyPluginAsync } from "fastify";
import { assetHeaders } from "../../web/asset-headers.ts";
import { loadReferenceScripts } from "../../web/reference/load-renderer.ts";
import { referenceHeaders, renderReference } from "../../web/reference/page.ts";
import { addRoute } from "../add-route.ts";
import { notOnConsoleHost } from "../plugins/console-host.ts";
import { type GzippedText, sendGzipped, withEtag } from "../send-gzipped.ts";
import { pageOperations } from "./page-operations.ts";

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
