import { afterAll, beforeAll, expect, test } from "vitest";
import { spoolFiles } from "../harness/data-dir.ts";
import { type RunningServer, startServer } from "../harness/server.ts";
import { alarmsOf } from "./support/alarms.ts";
import { chooseSeed, fuzzOverHttp } from "./support/fuzz-over-http.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

test("a thousand hostile requests get answers that a client can use, in time", async () => {
  const fuzz = await fuzzOverHttp(server);
  try {
    await fuzz.run(chooseSeed(), 1_000);
  } finally {
    fuzz.close();
  }
  await expect.poll(() => spoolFiles(server.dataDir)).toEqual([]);
  expect(alarmsOf(server)).toEqual([]);
});
