import { randomBytes } from "node:crypto";
import { SluiceError } from "@sluice/protocol";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { assetHeaders } from "../../web/asset-headers.ts";
import { clientEntry, loadClientModules } from "../../web/demo/client-modules.ts";
import type { DemoDeps } from "../../web/demo/mint-token.ts";
import { demoFolder, demoKeys, demoTokenHandler, demoTokenSeconds } from "../../web/demo/mint-token.ts";
import { pageHeaders, renderPage } from "../../web/demo/page.ts";
import { icon } from "../../web/icon.ts";
import { addRoute, asPlainJson } from "../add-route.ts";
import { notOnConsoleHost } from "../plugins/console-host.ts";
import { pageOperations } from "./page-operations.ts";

const base = pageOperations.getDemoPage.path;

/** `/_sluice/demo`: a page that uploads in the way the guide shows, and the backend that mints its tokens. */
export function demoRoutes(deps: DemoDeps): FastifyPluginAsync {
  return async (app) => {
    if (!deps.config.demo) return;
    const mint = demoTokenHandler(deps);
    let modules: ReturnType<typeof loadClientModules> | undefined;

    const sendPage = async (_request: FastifyRequest, reply: FastifyReply) => {
      const [{ publicKey }] = await demoKeys(deps);
      const nonce = randomBytes(16).toString("base64");
      const deliveryOrigin = new URL(deps.publicUrl()).origin;
      const page = { base, nonce, publicKey, entry: clientEntry, folder: demoFolder, lifetime: demoTokenSeconds };
      return reply.headers(pageHeaders(nonce, deliveryOrigin)).send(renderPage(page));
    };

    addRoute(app, pageOperations.getDemoPage, sendPage, notOnConsoleHost);
    app.get(`${base}/icon.svg`, notOnConsoleHost, async (_request, reply) =>
      reply.headers(assetHeaders("image/svg+xml")).send(icon),
    );

    app.get<{ Params: { module: string } }>(`${base}/client/:module`, notOnConsoleHost, async (request, reply) => {
      modules ??= loadClientModules();
      const source = (await modules).get(request.params.module);
      if (source === undefined) throw new SluiceError("ROUTE_NOT_FOUND");
      return reply.headers(assetHeaders("text/javascript; charset=utf-8")).send(source);
    });

    app.register(async (tokens) => {
      // The guide's page names no content type for its JSON, and others name a wrong one, so the content type is
      // ignored.
      tokens.addHook("onRequest", async ({ raw }) => {
        delete raw.headers["content-type"];
      });
      tokens.removeAllContentTypeParsers();
      tokens.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
      addRoute(
        tokens,
        pageOperations.mintDemoToken,
        async ({ raw, body }) => {
          const headers = Object.entries(raw.headers).map(([name, value]) => [name, String(value)] as [string, string]);
          return mint(
            new Request(`http://localhost${base}/token`, {
              method: "POST",
              headers,
              body: (body ?? null) as Buffer<ArrayBuffer> | null,
            }),
          );
        },
        { ...asPlainJson, ...notOnConsoleHost },
      );
    });
  };
}
