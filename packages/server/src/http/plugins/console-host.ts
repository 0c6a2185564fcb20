import { SluiceError } from "@sluice/protocol";
import type { FastifyInstance } from "fastify";
import type { Config } from "../../config/config.ts";
import { hostOf } from "./console-request.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The route answers with what users have uploaded, or belongs to a page that is not the console's. */
    readonly notOnConsoleHost?: true;
  }
}

/** The options of a route that the host of `--console-origin` lacks. */
export const notOnConsoleHost = { config: { notOnConsoleHost: true } } as const;

/** Leaves the host of `--console-origin` to the console, its sessions and the API. */
export function keepConsoleHostApart(app: FastifyInstance, { consoleOrigin }: Pick<Config, "consoleOrigin">): void {
  if (consoleOrigin === undefined) return;
  const { host } = new URL(consoleOrigin);
  app.addHook("onRequest", async (request, reply) => {
    if (hostOf(request) !== host) return;
    const { url, config } = request.routeOptions;
    if (url === "/") return reply.header("cache-control", "no-store").redirect(`${consoleOrigin}/console`, 302);
    if (config.notOnConsoleHost) throw new SluiceError("ROUTE_NOT_FOUND");
  });
}
