import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser, watchProblems } from "./harness/browser.ts";
import { faultsOf } from "./harness/console-page.ts";
import { exampleEnvironment, type RunningExample } from "./harness/example.ts";
import { openAsGrace, shownPictures } from "./harness/example-page.ts";
import { root } from "./harness/launch.ts";
import { png } from "./harness/samples.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { describeTokenRoute } from "./harness/token-route.ts";

// The example is installed, built and started as its README says. Next.js weighs 370 MB, so that no checkout has it.

const run = promisify(execFile);
const folder = `${root}examples/next`;
const environment = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" };

let sluice: RunningServer;
let browser: Browser;
let example: RunningExample;
beforeAll(async () => {
  await run("npm", ["ci", "--include=dev"], { cwd: folder });
  await run("npm", ["run", "build"], { cwd: folder, env: environment });
  [sluice, browser] = await Promise.all([startServer(), launchBrowser()]);
  example = await startNext(sluice.url);
}, 300_000);
afterAll(async () => {
  await Promise.all([example?.stop(), browser?.close()]);
  await sluice?.stop();
});

/** Starts what `npm run build` has made, on a free port, as its `npm start` does. */
async function startNext(sluiceUrl: string): Promise<RunningExample> {
  const next = `${folder}/node_modules/next/dist/bin/next`;
  const child = spawn(process.execPath, [next, "start", "--port", "0", "--hostname", "127.0.0.1"], {
    cwd: folder,
    env: { ...environment, ...exampleEnvironment(sluiceUrl) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  return {
    url: await addressOf(child),
    async stop() {
      child.kill();
      await exited;
    },
  };
}

async function addressOf({ stdout, stderr }: ChildProcess): Promise<string> {
  let output = "";
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  for (const stream of [stdout, stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      const url = /Local:\s+(http:\S+)/.exec(output)?.[1];
      if (url !== undefined) resolve(url);
    });
    stream?.once("close", () => reject(new Error(`Next.js has ended:\n${output}`)));
  }
  return promise;
}

describe("the token route", () => {
  describeTokenRoute({
    name: "next",
    route: "/api/upload-token",
    sluice: () => sluice,
    // The tests below use the same one.
    start: async () => ({ url: example.url, stop: async () => {} }),
  });
});

test("the page signs in, uploads with upload() and shows what was stored, until its user signs out", async () => {
  const page = await openAsGrace(browser, example.url);
  const problems = watchProblems(page);
  await page.getByLabel("Files").setInputFiles({ name: "a.png", mimeType: "image/png", buffer: await png() });
  await page.getByText("a.png: stored").waitFor();
  const [name = ""] = await shownPictures(page);
  expect(name).toMatch(/^a_\S+\.png$/);
  await page.reload();
  expect(await shownPictures(page)).toContain(name);

  await page.getByLabel("Files").setInputFiles({ name: "b.png", mimeType: "image/png", buffer: Buffer.from("hello") });
  await page.getByText("b.png: Your request failed 'checks' validation.").waitFor();
  // The browser's own message about the status 400 is the only one.
  expect(problems.filter((problem) => !problem.includes("400"))).toEqual([]);

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("User").fill("grace");
  await page.getByLabel("Password").fill("wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("There is no such user with this password.").waitFor();
});

test.each([
  [1280, "light"],
  [360, "dark"],
] as const)("the pages fit %d pixels, %j, without a fault that axe finds", async (width, colorScheme) => {
  const page = await openAsGrace(browser, example.url);
  await page.setViewportSize({ width, height: 800 });
  await page.emulateMedia({ colorScheme });
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
});
