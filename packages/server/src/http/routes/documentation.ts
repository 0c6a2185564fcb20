import { SluiceError } from "@sluice/protocol";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { KeptApp } from "../../web/build/kept-app.ts";
import { type DocumentationSite, documentationHeaders, loadSite } from "../../web/documentation/load-site.ts";
import { documentationPlaces } from "../../web/documentation/places.ts";
import { noSuchDocumentationPage } from "../../web/pages/refusal-pages.ts";
import { waitingPage } from "../../web/pages/waiting-page.ts";
import { addRoute } from "../add-route.ts";
import { notOnConsoleHost } from "../plugins/console-host.ts";
import { hostOf } from "../plugins/console-request.ts";
import { opensPage, pageVary, sendCoded, sendKeptFile, sendPage } from "../send-page.ts";
import { pageOperations } from "./page-operations.ts";

const base = pageOperations.getDocumentation.path;
const name = { short: "documentation", long: "documentation" };

/** `/docs/`: the documentation as a site. It is read when somebody opens it. */
export function documentationRoutes(
  kept: KeptApp<DocumentationSite> = new KeptApp(documentationPlaces, loadSite),
): FastifyPluginAsync {
  async function sendArticle(slug: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const site = await kept.current();
    if ("state" in site) return sendPage(reply.code(503).header("retry-after", "2"), waitingPage(site, name));
    const page = site.pages.get(slug);
    if (page === undefined) {
      if (!opensPage(request)) throw new SluiceError("ROUTE_NOT_FOUND");
      return sendPage(reply.code(404).header("vary", pageVary), noSuchDocumentationPage);
    }
    // The links of the pages are relative, so that a page has one address.
    const [address = ""] = request.url.split("?");
    const right = `${base}/${slug}`;
    if (address.endsWith("/") !== right.endsWith("/")) return reply.redirect(right, 301);
    reply.headers(documentationHeaders(hostOf(request))).header("etag", page.etag);
    if (request.headers["if-none-match"] === page.etag) return reply.code(304).send();
    return sendCoded(page, request, reply);
  }

  return async (app) => {
    addRoute(
      app,
      pageOperations.getDocumentation,
      (request: FastifyRequest, reply: FastifyReply) => sendArticle("", request, reply),
      notOnConsoleHost,
    );
    app.get<{ Params: { "*": string } }>(`${base}/*`, notOnConsoleHost, async (request, reply) => {
      const path = request.params["*"].replace(/\/$/, "");
      if (!path.startsWith("assets/")) return sendArticle(path, request, reply);
      const site = await kept.current();
      const file = "state" in site ? undefined : site.assets.get(path);
      if (file === undefined) throw new SluiceError("ROUTE_NOT_FOUND");
      return sendKeptFile(file, request, reply);
    });
  };
}
