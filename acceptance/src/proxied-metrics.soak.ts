import { request } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { caddyProblem, startCaddy } from "./harness/caddy.ts";
import type { FrontProxy } from "./harness/front-proxy.ts";
import { describeWhere } from "./harness/needs.ts";
import { nginxProblem, startNginx } from "./harness/nginx.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";

// The example files of the proxies in front of a server that shows its metrics to everybody who reaches it.

/** Spellings of the path, of which Sluice itself answers some. A proxy may read the others as the same path. */
const spellings = [
  ...["/metrics", "/metrics/", "/metrics?", "/metrics?x=1", "/metrics#x"],
  ...["//metrics", "/metrics//", "/%6detrics", "/%6D%65trics", "/metrics%2f", "/metrics%3f", "/%2fmetrics", "/METRICS"],
  ...["/./metrics", "/metrics/.", "/x/../metrics", "/x/..%2fmetrics", "/demo/../metrics", "/metrics;x", "/metrics%20"],
];

/** Sends a request with the path as it is written here; `fetch` would tidy it. */
async function ask(
  origin: string,
  path: string,
  method = "GET",
): Promise<{ status: number | undefined; body: string }> {
  const { hostname, port } = new URL(origin);
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number | undefined; body: string }>();
  request({ hostname, port, path, method, agent: false }, (response) => {
    text(response).then((body) => resolve({ status: response.statusCode, body }), reject);
  })
    .on("error", reject)
    .end();
  return promise;
}

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

test("without a proxy, the server answers the metrics to whoever reaches it", async () => {
  for (const path of [...spellings.slice(0, 5), `${server.url}/metrics`])
    expect((await ask(server.url, path)).body, path).toContain("sluice_build_info");
});

describeWhere(nginxProblem() ?? caddyProblem(), "behind the proxies", () => {
  let proxy: FrontProxy | undefined;
  afterAll(() => proxy?.stop());

  test.each([
    ["nginx", startNginx],
    ["Caddy", startCaddy],
  ] as const)("%s refuses the metrics in every spelling, and nothing else", async (_, start) => {
    await proxy?.stop();
    proxy = undefined;
    proxy = await start([Number(new URL(server.url).port)]);
    for (const path of [...spellings, `${proxy.url}/metrics`]) {
      const { status, body } = await ask(proxy.url, path);
      expect(body, path).not.toContain("sluice_build_info");
      expect(status, path).toBeGreaterThanOrEqual(400);
    }
    expect((await ask(proxy.url, "/metrics")).status).toBe(404);
    expect((await ask(proxy.url, "/metrics/", "HEAD")).status).toBe(404);

    expect((await ask(proxy.url, "/health")).status).toBe(200);
    const form = new FormData();
    form.append("fileName", "metrics");
    form.append("useUniqueFileName", "false");
    form.append("file", new Blob(["hello"]), "metrics");
    const authorization = `Basic ${btoa(`${keys.privateKey}:`)}`;
    const upload = { method: "POST", headers: { authorization }, body: form };
    const stored = await (await fetch(`${proxy.url}/api/v1/files/upload`, upload)).json();
    expect(stored).toMatchObject({ filePath: "/metrics" });
    expect(await ask(proxy.url, "/demo/metrics")).toEqual({ status: 200, body: "hello" });
  });
});
