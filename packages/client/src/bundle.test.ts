import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { bundleClient, clientFile } from "../build.ts";

test("what a page loads is less than 14 KiB, gzipped, and none of it is the signing of tokens", async () => {
  const files = await bundleClient();
  const code = files.get(clientFile) ?? "";
  expect(code).toContain("sluice-uploader");
  expect(gzipSync(code, { level: 9 }).length).toBeLessThan(14 * 1024);
  expect([...files.values()].join()).not.toMatch(/HS256|\bimport\s*["'{]/);
});

test("the one other file is loaded where something is wrong, and imports nothing", async () => {
  const files = await bundleClient();
  expect([...files.keys()]).toEqual([clientFile, "client/diagnose.js"]);
  expect(files.get(clientFile)?.match(/\bimport\(.*?\)/g)).toEqual(["import(`./client/diagnose.js`)"]);
  expect(files.get("client/diagnose.js")).not.toMatch(/\bimport\b/);
});
