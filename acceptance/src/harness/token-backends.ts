import { createServer, type IncomingHttpHeaders, type RequestListener } from "node:http";
import { text } from "node:stream/consumers";
import { toNodeListener, uploadTokenHandler } from "@sluice/token";
import jsonwebtoken from "jsonwebtoken";
import { listen } from "./listen.ts";
import { keys } from "./server.ts";

export interface TokenBackend {
  readonly url: string;
  /** The pages' requests so far, preflights included. */
  readonly requests: readonly { readonly method: string; readonly headers: IncomingHttpHeaders }[];
  close(): Promise<void>;
}

export type StartTokenBackend = (pageOrigin: string) => Promise<TokenBackend>;

/** Starts a backend like the guide's, which signs any requested payload with `jsonwebtoken`. */
export const startGuideBackend: StartTokenBackend = (pageOrigin) =>
  start(async (request, response) => {
    response.setHeader("access-control-allow-origin", pageOrigin);
    if (request.method === "OPTIONS") {
      const asked = request.headers["access-control-request-headers"] ?? "";
      response.writeHead(204, { "access-control-allow-headers": asked }).end();
      return;
    }
    // The body is JSON, whatever its content type says.
    const { uploadPayload, expire, publicKey } = JSON.parse(await text(request));
    const header = { alg: "HS256", typ: "JWT", kid: publicKey };
    const token = jsonwebtoken.sign(uploadPayload, keys.privateKey, { expiresIn: expire, header });
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ token }));
  });

/** Starts the same route with the handler of `@sluice/token`. It admits one user, recognised by a header. */
export const startHandlerBackend: StartTokenBackend = (pageOrigin) =>
  start(
    toNodeListener(
      uploadTokenHandler({
        keys,
        authorize: ({ headers }) => headers.get("x-app-user") === "anna",
        policy: { allow: ["fileName", "folder"], maxLifetime: 300 },
        cors: { origins: [pageOrigin] },
      }),
    ),
  );

async function start(answer: RequestListener): Promise<TokenBackend> {
  const requests: { method: string; headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, response) => {
    requests.push({ method: request.method ?? "", headers: request.headers });
    return answer(request, response);
  });
  const { port, close } = await listen(server);
  return { url: `http://127.0.0.1:${port}/upload-token`, requests, close };
}
