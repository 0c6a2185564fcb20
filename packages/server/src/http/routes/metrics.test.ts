import Fastify, { type FastifyInstance } from "fastify";
import { Registry } from "prom-client";
import { afterEach, expect, test } from "vitest";
import { resolveConfig } from "../../config/resolve-config.ts";
import type { Settings } from "../../config/settings.ts";
import { addErrorHandling } from "../plugins/errors.ts";
import { metricsRoute } from "./metrics.ts";

const metricsToken = "metrics-token-for-tests";

let app: FastifyInstance;
afterEach(() => app.close());

function get(settings: Settings, authorization?: string) {
  app = Fastify();
  addErrorHandling(app);
  app.register(metricsRoute({ config: resolveConfig(settings), metrics: { registry: new Registry() } }));
  return app.inject({ path: "/metrics", headers: authorization === undefined ? {} : { authorization } });
}

test("everybody reads the metrics where no token is set", async () => {
  const { statusCode, headers } = await get({});
  expect([statusCode, headers["www-authenticate"]]).toEqual([200, undefined]);
});

test.each([`Bearer ${metricsToken}`, `bearer  ${metricsToken}`])("with a token: %s reads them", async (header) => {
  expect((await get({ metricsToken }, header)).statusCode).toBe(200);
});

test("they are unknown on this port where they have one of their own", async () => {
  expect((await get({ metricsPort: 9464 })).json()).toMatchObject({ reason: "ROUTE_NOT_FOUND" });
});

test.each([
  undefined,
  metricsToken,
  "Bearer ",
  `Bearer ${metricsToken}x`,
  `Bearer ${metricsToken} x`,
  `Basic ${Buffer.from(`${metricsToken}:`).toString("base64")}`,
])("with a token: %s is refused", async (header) => {
  const answer = await get({ metricsToken }, header);
  expect(answer.statusCode).toBe(401);
  expect(answer.headers["www-authenticate"]).toBe("Bearer");
  expect(answer.json()).toMatchObject({ reason: "METRICS_TOKEN_WRONG", help: expect.stringContaining("Bearer") });
});
