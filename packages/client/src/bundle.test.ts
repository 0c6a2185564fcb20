import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { bundleClient } from "../build.ts";

test("all of the client is less than 12 KB, gzipped, and none of it is the signing of tokens", async () => {
  const code = await bundleClient();
  expect(gzipSync(code, { level: 9 }).length).toBeLessThan(12 * 1024);
  expect(code).not.toMatch(/HS256|\bimport\s*[({"']/);
});
