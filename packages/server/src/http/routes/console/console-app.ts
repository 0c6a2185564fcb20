import { SluiceError } from "@sluice/protocol";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Config } from "../../../config/config.ts";
import type { BlobStore } from "../../../storage/blob-store.ts";
import { KeptApp } from "../../../web/build/kept-app.ts";
import { type ConsoleApp, loadApp } from "../../../web/console/load-app.ts";
import { bucketOrigin, consoleHeaders } from "../../../web/console/page-headers.ts";
import { consolePlaces } from "../../../web/console/places.ts";
import { waitingPage } from "../../../web/pages/waiting-page.ts";
import { addRoute } from "../../add-route.ts";
import { hostOf } from "../../plugins/console-request.ts";
import { sendKeptFile } from "../../send-app-file.ts";
import { sendPage } from "../../send-page.ts";
import { pageOperations } from "../page-operations.ts";

export interface ConsoleAppNeeds {
  readonly blobs: Pick<BlobStore, "redirect">;
  readonly config: Pick<Config, "consoleOrigin">;
  /** The address under which clients reach this server, without a trailing slash. */
  readonly publicUrl: () => string;
}

const base = pageOperations.getConsole.path;

/** `/console`: the page of the console at every path below it, since the app itself tells them apart, and its files. */
export function addConsoleApp(
  app: FastifyInstance,
  needs: ConsoleAppNeeds,
  kept: KeptApp<ConsoleApp> = new KeptApp(consolePlaces, loadApp),
): void {
  const { blobs, config, publicUrl } = needs;
  const findBucketOrigin = bucketOrigin(blobs);

  async function sendConsole(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { consoleOrigin } = config;
    const host = hostOf(request);
    if (consoleOrigin !== undefined && new URL(consoleOrigin).host !== host) {
      // Browsers keep the fragment, so a link to sign in works at the other address as well.
      const { pathname, search } = new URL(request.url, consoleOrigin);
      return reply.header("cache-control", "no-store").redirect(`${consoleOrigin}${pathname}${search}`, 302);
    }
    const found = await kept.current();
    if ("state" in found) {
      const page = waitingPage(found, { short: "console", long: "web console" });
      return sendPage(reply.code(503).header("retry-after", "2"), page);
    }
    const place = { host, deliveryOrigin: new URL(publicUrl()).origin, bucketOrigin: await findBucketOrigin() };
    return reply.headers(consoleHeaders(found.inline, place)).send(found.page);
  }

  addRoute(app, pageOperations.getConsole, sendConsole);
  app.get<{ Params: { "*": string } }>(`${base}/*`, async (request, reply) => {
    const path = request.params["*"];
    if (!path.startsWith("assets/")) return sendConsole(request, reply);
    const found = await kept.current();
    const file = "state" in found ? undefined : found.files.get(path);
    if (file === undefined) throw new SluiceError("ROUTE_NOT_FOUND");
    return sendKeptFile(file, request, reply);
  });
}
