import { SluiceError } from "@sluice/protocol";
import type { FastifyInstance } from "fastify";
import type { Config } from "../../config/config.ts";
import { hostOf } from "./console-request.ts";

/**
 * On an origin of the console's own there is nothing that users have uploaded, and no page but the console's. Routes are
 * told apart by the beginning of their path.
 */
const elsewhere = ["/_sluice/delivery", "/_sluice/extensions/", "/_sluice/demo", "/docs/"];

/** Leaves the host of `--console-origin` to the console, its sessions and the API. */
export function keepConsoleHostApart(app: FastifyInstance, { consoleOrigin }: Pick<Config, "consoleOrigin">): void {
  if (consoleOrigin === undefined) return;
  const { host } = new URL(consoleOrigin);
  app.addHook("onRequest", async (request, reply) => {
    if (hostOf(request) !== host) return;
    const route = request.routeOptions.url ?? "";
    if (route === "/") return reply.header("cache-control", "no-store").redirect(`${consoleOrigin}/console`, 302);
    if (elsewhere.some((beginning) => route.startsWith(beginning))) throw new SluiceError("ROUTE_NOT_FOUND");
  });
}
