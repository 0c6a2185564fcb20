import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type AnswerLoser, startAnswerLoser } from "./harness/answer-loser.ts";
import { launchBrowser } from "./harness/browser.ts";
import { type RunningExample, signIn, startExample } from "./harness/example.ts";
import { call } from "./harness/media-api.ts";
import { type RunningServer, startServer } from "./harness/server.ts";

let sluice: RunningServer;
let browser: Browser;
let proxy: AnswerLoser;
let example: RunningExample;
let page: Page;
beforeAll(async () => {
  [sluice, browser] = await Promise.all([startServer({ flags: ["--max-file-size", "100000"] }), launchBrowser()]);
  proxy = await startAnswerLoser(sluice.url);
  example = await startExample("uppy", proxy.url);
});
afterAll(async () => {
  await Promise.all([example?.stop(), browser?.close()]);
  await proxy?.close();
  await sluice?.stop();
});
beforeEach(async () => {
  page = await browser.newPage();
  const [name = "", value = ""] = (await signIn(example.url, "ada", "difference")).split("=");
  await page.context().addCookies([{ name, value, url: example.url }]);
  await page.goto(example.url);
});
afterEach(() => page.context().close());

const uploads = /\/api\/v2\/files\/upload$/;
const line = (text: string) => page.getByRole("listitem").filter({ hasText: text });

/** The example accepts images only. */
const image = (size: number) => Buffer.concat([Buffer.from("GIF89a"), Buffer.alloc(size - 6)]);

async function choose(...files: readonly (readonly [name: string, size: number])[]): Promise<void> {
  const chosen = files.map(([name, size]) => ({ name, mimeType: "image/gif", buffer: image(size) }));
  await page.getByLabel("Files").setInputFiles(chosen);
}

/** Watches the forms that the page sends: the names of their fields, and their tokens. */
async function watchForms(): Promise<{ readonly names: string[][]; readonly tokens: string[] }> {
  const seen: { names: string[][]; tokens: string[] } = { names: [], tokens: [] };
  await page.exposeFunction("formSent", (entries: [string, string][]) => {
    seen.names.push(entries.map(([name]) => name));
    seen.tokens.push(...entries.filter(([name]) => name === "token").map(([, value]) => value));
  });
  await page.evaluate(() => {
    const { send } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.send = function (body) {
      Reflect.get(window, "formSent")([...(body as FormData)].map(([name, value]) => [name, String(value)]));
      send.call(this, body);
    };
  });
  return seen;
}

test("Uppy uploads several files, each with a token of its own that stands first in the form", async () => {
  const forms = await watchForms();
  await choose(["one.gif", 10], ["two.gif", 20], ["three.gif", 30]);
  for (const name of ["one", "two", "three"]) await line(`/users/ada/${name}_`).waitFor();
  expect(new Set(forms.tokens).size).toBe(3);
  for (const names of forms.names) {
    expect(names).toEqual(["token", "folder", "fileName", "useUniqueFileName", "checks", "file"]);
  }
});

test("what Sluice refuses is shown in its own words, and not sent again", async () => {
  let attempts = 0;
  page.on("request", (request) => {
    if (uploads.test(request.url()) && request.method() === "POST") attempts += 1;
  });
  await choose(["large.gif", 200_000], ["small.gif", 10]);
  await line("/users/ada/small_").waitFor();
  await line(
    "large.gif: Your request contains invalid file parameter. The file size exceeds 100000 bytes limit.",
  ).waitFor();
  await page.waitForTimeout(700);
  expect(attempts).toBe(2);
});

test("what the backend refuses is shown, and is no upload", async () => {
  await page.context().clearCookies();
  await choose(["a.gif", 10]);
  await line("a.gif: You are not signed in, or may not upload. Retry").waitFor();
});

test("after the network has gone, a retry takes a new token, and the file is stored once", async () => {
  const forms = await watchForms();
  await page.route(uploads, (route) => route.abort(), { times: 1 });
  await choose(["retried.gif", 10]);
  const retry = line("retried.gif: ").getByRole("button", { name: "Retry" });
  await retry.waitFor();
  await page.waitForTimeout(700);
  expect(forms.tokens).toHaveLength(1);
  await retry.click();
  await line("/users/ada/retried_").waitFor();
  expect(forms.tokens).toHaveLength(2);
  expect(new Set(forms.tokens).size).toBe(2);
  expect(await storedAs("retried")).toHaveLength(1);
});

test("after the answer alone was lost, a retry finds the file instead of sending it again", async () => {
  const forms = await watchForms();
  proxy.loseNextUploadAnswer();
  await choose(["lost.gif", 10]);
  await line("lost.gif: ").getByRole("button", { name: "Retry" }).click();
  await line("/users/ada/lost_").waitFor();
  expect(forms.tokens).toHaveLength(1);
  expect(await storedAs("lost")).toHaveLength(1);
});

test("after Sluice has refused a token itself, a retry takes a new one", async () => {
  await page.route("**/upload-token", (route) => route.fulfill({ json: { token: "no.good.token" } }), { times: 1 });
  await choose(["refused.gif", 10]);
  await line("refused.gif: Your request has invalid token").getByRole("button", { name: "Retry" }).click();
  await line("/users/ada/refused_").waitFor();
  expect(await storedAs("refused")).toHaveLength(1);
});

describe("the Dashboard", () => {
  /** The requests for resumable uploads, by method, and what their creations said. */
  let requests: string[];
  let metadata: string[];
  beforeEach(async () => {
    [requests, metadata] = [[], []];
    page.on("request", (request) => {
      if (!request.url().includes("/_sluice/resumable")) return;
      requests.push(request.method());
      if (request.method() === "POST") metadata.push(request.headers()["upload-metadata"] ?? "");
    });
    await page.goto(`${example.url}/dashboard`);
  });
  const countOf = (method: string) => requests.filter((request) => request === method).length;

  async function upload(...files: readonly (readonly [name: string, size: number])[]): Promise<void> {
    const chosen = files.map(([name, size]) => ({ name, mimeType: "image/gif", buffer: image(size) }));
    await page.locator(".uppy-Dashboard-input").first().setInputFiles(chosen);
    await page.getByRole("button", { name: /^Upload \d files?$/ }).click();
  }
  const done = (name: string) => page.locator("#uploads li").filter({ hasText: `/users/ada/${name}_` });

  test("uploads several files resumably, each with a token and the parameters that the backend has signed", async () => {
    await upload(["first.gif", 10], ["second.gif", 90_000]);
    for (const name of ["first", "second"]) await done(name).waitFor();
    expect(countOf("POST")).toBe(2);
    expect(new Set(metadata.map((header) => /token ([^,]+)/.exec(header)?.[1])).size).toBe(2);
    for (const header of metadata) {
      expect(header.split(",").map((pair) => pair.split(" ")[0])).toEqual([
        "token",
        "folder",
        "fileName",
        "useUniqueFileName",
        "checks",
      ]);
    }
    expect(await storedAs("second")).toHaveLength(1);
  });

  test("goes on with the same upload after a cut", async () => {
    await page.route("**/_sluice/resumable/*", (route) => route.abort(), { times: 1 });
    await upload(["interrupted.gif", 90_000]);
    await done("interrupted").waitFor();
    expect([countOf("POST"), countOf("HEAD") > 0]).toEqual([1, true]);
    expect(await storedAs("interrupted")).toHaveLength(1);
  });

  test("says in their words what Sluice and the backend refuse, and sends it no second time", async () => {
    // The Dashboard has an error's message in the hint of a button.
    const hint = (text: string) => page.locator(`[aria-label*="${text}"]`).first();
    await upload(["toolarge.gif", 200_000]);
    await hint("The file size exceeds 100000 bytes limit.").waitFor();
    expect([countOf("POST"), countOf("PATCH")]).toEqual([1, 1]);
    await page.goto(`${example.url}/dashboard`);
    // The session ends while the page is open.
    await page.context().clearCookies();
    requests.length = 0;
    await upload(["stranger.gif", 10]);
    await hint("You are not signed in, or may not upload.").waitFor();
    expect(requests).toEqual([]);
  });
});

async function storedAs(name: string): Promise<{ readonly name: string }[]> {
  const { body } = await call(sluice.url, "GET", "/v1/files?path=/users/ada");
  return body.filter((file: { readonly name: string }) => file.name.startsWith(`${name}_`));
}
