import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signIn, startExample } from "./harness/example.ts";
import { root } from "./harness/launch.ts";
import { png } from "./harness/samples.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { describeTokenRoute } from "./harness/token-route.ts";

let sluice: RunningServer;
beforeAll(async () => {
  sluice = await startServer();
});
afterAll(() => sluice?.stop());

describe.each(["express", "fastify", "hono", "node-http"])("examples/%s", (name) => {
  describeTokenRoute({
    name,
    route: "/upload-token",
    sluice: () => sluice,
    start: () => startExample(name, sluice.url),
  });
});

test("the requests of a native app upload a file, and say why there is no token", async () => {
  const example = await startExample("node-http", sluice.url);
  const folder = await mkdtemp(join(tmpdir(), "sluice-native-"));
  try {
    const path = join(folder, "holiday.png");
    await writeFile(path, await png());
    const run = (session: string) => {
      const env = { ...process.env, BACKEND_URL: example.url, SLUICE_URL: sluice.url, SESSION: session };
      return promisify(execFile)(process.execPath, [`${root}examples/native/upload.ts`, path], { env });
    };
    const { stdout } = await run(await signIn(example.url, "ada", "difference"));
    expect((await fetch(stdout.trim())).status).toBe(200);
    expect(stdout).toMatch(/\/users\/ada\/holiday_\S+\.png$/m);
    await expect(run("")).rejects.toThrow("NOT_AUTHORIZED");
  } finally {
    await example.stop();
    await rm(folder, { recursive: true });
  }
});
