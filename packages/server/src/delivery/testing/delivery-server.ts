import { type IncomingHttpHeaders, request } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import Fastify from "fastify";
import { addRequestIds, newRequestId } from "../../http/plugins/request-id.ts";
import { type DeliveryRouteDeps, deliveryPath, deliveryRoute } from "../../http/routes/delivery.ts";

export interface Reply {
  readonly status: number;
  /** The headers without the request's id, which is another one each time. */
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface DeliveryServer {
  readonly port: number;
  /** The lines that were logged as errors. */
  readonly errors: readonly string[];
  /** @param target is sent as it is, `..` and all */
  ask(target: string, headers?: Record<string, string>, method?: string): Promise<Reply>;
  close(): Promise<void>;
}

/** Starts a server with only the delivery route. Requests are rewritten to the route as in the app. */
export async function startDeliveryServer(services: DeliveryRouteDeps): Promise<DeliveryServer> {
  const errors: string[] = [];
  const app = Fastify({
    genReqId: newRequestId,
    trustProxy: (_address, hop) => hop < 1,
    logger: { level: "error", stream: { write: (line: string) => errors.push(line) } },
    rewriteUrl: ({ url = "/" }) => (url.startsWith("/_sluice/") ? url : deliveryPath),
  });
  addRequestIds(app);
  app.register(deliveryRoute(services));
  await app.listen({ port: 0, host: "127.0.0.1" });
  const { port } = app.server.address() as AddressInfo;
  return {
    port,
    errors,
    ask: (path, headers = {}, method = "GET") =>
      new Promise((resolve, reject) => {
        const sent = request({ port, host: "127.0.0.1", path, method, headers, agent: false }, (response) => {
          const { statusCode: status = 0 } = response;
          const { "x-request-id": _, "x-ik-requestid": __, ...headers } = response.headers;
          buffer(response).then((body) => resolve({ status, headers, body }), reject);
        });
        sent.on("error", reject).end();
      }),
    close: () => app.close(),
  };
}
