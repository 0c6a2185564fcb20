import { afterEach, expect, test } from "vitest";
import { resolveConfig } from "../config/resolve-config.ts";
import type { Settings } from "../config/settings.ts";
import { MetricsListener } from "./metrics-listener.ts";

const metricsToken = "metrics-token-for-tests";
const source = { contentType: "text/plain; version=0.0.4; charset=utf-8", metrics: async () => "a 1\n" };

const logged: unknown[] = [];
const logger = { error: (entry: unknown) => void logged.push(entry) };

let listener: MetricsListener | undefined;
afterEach(() => listener?.close());

async function listen(settings: Settings = {}): Promise<MetricsListener> {
  listener = new MetricsListener(resolveConfig({ metricsPort: 0, ...settings }), logger);
  await listener.listen();
  return listener;
}

async function get(path = "", init: RequestInit = {}) {
  const answer = await fetch(`${listener?.url}${path}`, init);
  return { status: answer.status, headers: answer.headers, body: await answer.text() };
}

test("the metrics are on a port of their own, on loopback, once the server has started", async () => {
  const opened = await listen();
  expect(opened.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
  const early = await get();
  expect([early.status, early.headers.get("retry-after")]).toEqual([503, "1"]);
  opened.serve(source);
  const { status, headers, body } = await get("?a=1");
  expect([status, headers.get("content-type"), body]).toEqual([200, source.contentType, "a 1\n"]);
  for (const [path, method] of [
    ["/more", "GET"],
    ["", "POST"],
  ] as const) {
    expect((await get(path, { method })).status).toBe(404);
  }
});

test("with a token, they are for those who send it", async () => {
  (await listen({ metricsToken })).serve(source);
  const refused = await get("", { headers: { authorization: `Bearer ${metricsToken}x` } });
  expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
  expect(refused.body).not.toContain(metricsToken);
  expect((await get("", { headers: { authorization: `Bearer ${metricsToken}` } })).body).toBe("a 1\n");
});

test("metrics that can't be collected are answered 500 and logged, and the next ones are collected", async () => {
  const opened = await listen();
  const broken = new Error("broken");
  opened.serve({ ...source, metrics: () => Promise.reject(broken) });
  expect((await get("/more")).status).toBe(404);
  expect((await get()).status).toBe(500);
  expect(logged).toEqual([{ err: broken }]);
  opened.serve(source);
  expect((await get()).status).toBe(200);
});

test("nothing is listened on without the setting, and closing what never listened is fine", async () => {
  listener = new MetricsListener(resolveConfig({}), logger);
  await listener.listen();
  expect(listener.url).toBeUndefined();
});
