import { afterAll, beforeAll, expect, test } from "vitest";
import { caddyProblem, startCaddy } from "../harness/caddy.ts";
import type { FrontProxy } from "../harness/front-proxy.ts";
import { describeWhere } from "../harness/needs.ts";
import { nginxProblem, startNginx } from "../harness/nginx.ts";
import { exchange } from "../harness/raw-http.ts";
import { type RunningServer, startServer } from "../harness/server.ts";

// Requests that can't be sent on, through the example files of the proxies. A proxy that counts them as failures of the
// server would leave out the only server there is, for everybody.

const chunked = (host: string, body: string) =>
  `POST /api/v2/files/upload HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\n\r\n${body}\r\n0\r\n\r\n`;

const unsendable: Readonly<Record<string, (host: string) => string>> = {
  "a chunk without a size": (host) => chunked(host, "zz\r\nhello"),
  "a bare line feed in a chunk's line": (host) => chunked(host, "2;\nxx"),
  "a tunnel": (host) => `CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
};

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

describeWhere(nginxProblem() ?? caddyProblem(), "behind the proxies", () => {
  let proxy: FrontProxy | undefined;
  afterAll(() => proxy?.stop());

  test.each([
    ["nginx", startNginx],
    ["Caddy", startCaddy],
  ] as const)("a request that %s can't send on takes the server from nobody", async (_, start) => {
    await proxy?.stop();
    proxy = undefined;
    proxy = await start([Number(new URL(server.url).port)]);
    const { url } = proxy;
    for (const [name, requestTo] of Object.entries(unsendable)) {
      const { status } = await exchange(url, requestTo(new URL(url).host));
      expect(status, name).toBeGreaterThanOrEqual(400);
      expect((await fetch(`${url}/health`)).status, name).toBe(200);
    }
  });
});
