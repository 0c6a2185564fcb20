import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { bundleClient, clientFile } from "../build.ts";

test("what a page loads is less than 15 KiB, gzipped, and none of it is the signing of tokens", async () => {
  const files = await bundleClient();
  const code = files.get(clientFile) ?? "";
  expect(code).toContain("sluice-uploader");
  expect(gzipSync(code, { level: 9 }).length).toBeLessThan(15 * 1024);
  expect([...files.values()].join()).not.toMatch(/HS256|\bimport\s*["'{]/);
});

test("the two other files are loaded for a large file and where something is wrong, and import nothing", async () => {
  const files = await bundleClient();
  const others = ["client/diagnose.js", "client/resumable.js"];
  expect([...files.keys()].sort()).toEqual([...others, clientFile]);
  const imports = files.get(clientFile)?.match(/\bimport\(.*?\)/g);
  expect(imports?.sort()).toEqual(others.map((path) => `import(\`./${path}\`)`));
  for (const path of others) expect(files.get(path)).not.toMatch(/\bimport\b(?!\.meta)/);
});
