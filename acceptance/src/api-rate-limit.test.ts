import ImageKit from "@imagekit/nodejs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call } from "./harness/media-api.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

let server: RunningServer;

beforeAll(async () => {
  server = await startServer({ flags: ["--api-rate-limit", "3/2"] });
});
afterAll(() => server?.stop());

const list = () => call(server.url, "GET", "/v1/files");

test("requests of the media API beyond the limit are told how long to wait, and uploads are never counted", async () => {
  for (let count = 0; count < 5; count++) {
    expect((await uploadBasic(server.url, "text", { fileName: `${count}.txt` })).status).toBe(200);
  }
  const answers = [await list(), await list(), await list(), await list()];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
  const { headers, body } = answers[3] ?? (await list());
  expect(body).toMatchObject({ message: expect.any(String), reason: "RATE_LIMIT_EXCEEDED" });
  expect(headers.get("x-ratelimit-limit")).toBe("3");
  expect(headers.get("x-ratelimit-interval")).toBe("2000");
  const waitMs = Number(headers.get("x-ratelimit-reset"));
  expect(waitMs).toBeGreaterThan(0);
  expect(waitMs).toBeLessThanOrEqual(2000);
  expect(headers.get("retry-after-ms")).toBe(String(waitMs));
  expect(headers.get("retry-after")).toBe(String(Math.ceil(waitMs / 1000)));
});

test("the official SDK waits as long as it is told, and goes on by itself", async () => {
  const client = new ImageKit({ privateKey: keys.privateKey, baseURL: server.url });
  for (let count = 0; count < 5; count++) expect(await client.assets.list()).toHaveLength(5);
});
