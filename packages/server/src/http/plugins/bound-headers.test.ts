import Fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { resolveConfig } from "../../config/resolve-config.ts";
import { boundHeaders } from "./bound-headers.ts";
import { addErrorHandling } from "./errors.ts";

const KiB = 1024;

let app: FastifyInstance;
beforeAll(async () => {
  app = Fastify({ exposeHeadRoutes: false });
  addErrorHandling(app);
  boundHeaders(app, resolveConfig({}));
  const urls = ["/v1/files", "/_sluice/resumable", "/_sluice/resumable/:session", "/_sluice/resumable-other"];
  for (const url of urls) app.get(url, async () => "");
  await app.ready();
});
afterAll(() => app.close());

/** @returns the status of a request whose line and headers have that many bytes */
async function statusWith(url: string, bytes: number): Promise<number> {
  const headers = { host: "x", "user-agent": "x", x: "" };
  const line = `GET ${url} HTTP/1.1\r\n`;
  const others = Object.entries(headers).reduce((sum, [name, value]) => sum + `${name}: ${value}\r\n`.length, 0);
  const answer = await app.inject({ url, headers: { ...headers, x: "y".repeat(bytes - line.length - others) } });
  if (answer.statusCode === 431) {
    expect(answer.json()).toMatchObject({ reason: "HEADERS_TOO_LARGE" });
    expect(answer.headers["access-control-allow-origin"]).toBe("*");
  }
  return answer.statusCode;
}

test.each([
  ["/v1/files", 200, 16 * KiB],
  ["/v1/nothing", 404, 16 * KiB],
  [`/v1/files?${"q".repeat(15 * KiB)}`, 200, 16 * KiB],
  ["/_sluice/resumablex", 404, 16 * KiB],
  ["/_sluice/resumable-other", 200, 16 * KiB],
  ["/_sluice/resumable", 200, 64 * KiB],
  ["/_sluice/resumable/session", 200, 64 * KiB],
])("%s takes its headers up to the limit (%#)", async (url, status, limit) => {
  expect([await statusWith(url, limit), await statusWith(url, limit + 1)]).toEqual([status, 431]);
});

test("as many headers as Node's parser would begin to drop are refused, however short they are", async () => {
  const named = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`h${n}`, ""]));
  const statusOf = async (count: number) => (await app.inject({ url: "/v1/files", headers: named(count) })).statusCode;
  expect([await statusOf(900), await statusOf(1000)]).toEqual([200, 431]);
});
