import type { Server } from "node:http";
import { SluiceError } from "@sluice/protocol";
import Fastify, { type FastifyInstance } from "fastify";
import type { Config } from "../config/config.ts";
import { version } from "../observability/version.ts";
import { uploadHeaders } from "./plugins/cors.ts";
import { drainRefused } from "./plugins/drain-refused.ts";
import { addErrorHandling } from "./plugins/errors.ts";
import type { MalformedRequests } from "./plugins/malformed-requests.ts";
import { addRequestIds, newRequestId } from "./plugins/request-id.ts";

interface StartingServer {
  readonly server: Server;
  readonly malformed: Pick<MalformedRequests, "watch">;
}

/**
 * Answers 503 to every request while the server starts, except to the question whether the process is alive: the data
 * is not open yet, so nothing else can be said. An upload's body is read only to be thrown away, and no token is used
 * up.
 */
export function createStartingApp(config: Config, { server, malformed }: StartingServer): FastifyInstance {
  const app: FastifyInstance = Fastify({
    serverFactory: () => server,
    clientErrorHandler: () => undefined,
    genReqId: newRequestId,
    rewriteUrl: ({ url = "/" }) => /^(\/health(?:\/live)?)\/?(?:\?|$)/.exec(url)?.[1] ?? "/",
  });
  addRequestIds(app);
  addErrorHandling(app);
  malformed.watch(app);
  drainRefused(app, config);
  // In a hook, so that nothing parses the body first.
  app.addHook("onRequest", async (request, reply) => {
    // The app answers what would follow on this connection, on a new connection that it has seen from the beginning.
    reply.raw.shouldKeepAlive = false;
    if (request.url === "/health/live") {
      return reply.code(200).header("cache-control", "no-store").send({ status: "ok", version });
    }
    // tus clients ask with HEAD where their upload is, and take 503 for its end.
    reply.code(request.method === "HEAD" ? 423 : 503).header("cache-control", "no-store");
    if (request.url === "/health") return reply.send({ status: "unavailable", checks: { server: "starting" } });
    return reply
      .headers({ ...uploadHeaders, "retry-after": "1", "content-type": "application/json; charset=utf-8" })
      .send(JSON.stringify(new SluiceError("SERVER_STARTING", {})));
  });
  return app;
}
