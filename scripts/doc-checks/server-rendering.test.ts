import { globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "rolldown";
import { afterAll, beforeAll, expect, test } from "vitest";

// Frameworks such as Next.js also load a page's modules on the server that renders the page. Nothing of a browser is
// there, so a module of our documentation may use a browser's classes in its functions only.

const isPagesModule =
  /^\/\/ to-sluice\.js|^import .*(?:@sluice\/client|@imagekit\/javascript|imagekitio-react)[\s\S]*^export /m;
const documents = globSync(["docs/guides/*.md", "docs/*.md", "packages/client/README.md"]);
const modules = documents.flatMap((document) =>
  [...readFileSync(document, "utf8").matchAll(/```(jsx?|tsx?)\n(.*?)```/gs)]
    .filter(([, , code = ""]) => isPagesModule.test(code))
    .map(([, language = "", code = ""], index) => [`${document}, module ${index + 1}`, language, code] as const),
);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-server-rendering-"));
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("the modules are found, among them the two that send the vendor's SDKs to Sluice", () => {
  expect(modules.length).toBeGreaterThan(6);
  expect(modules.filter(([, , code]) => code.includes("XMLHttpRequest"))).toHaveLength(2);
});

test.each(modules)("%s can be loaded where pages are rendered on a server", async (name, language, code) => {
  expect(globalThis).not.toHaveProperty("XMLHttpRequest");
  const path = join(folder, name.replaceAll(/\W+/g, "-"));
  writeFileSync(`${path}.${language}`, code);
  const { output } = await build({
    input: `${path}.${language}`,
    platform: "node",
    resolve: { conditionNames: ["sluice-source", "node", "import", "default"] },
    external: /^react/,
    output: { codeSplitting: false },
    logLevel: "silent",
    write: false,
  });
  writeFileSync(`${path}.mjs`, output[0].code);
  await expect(import(pathToFileURL(`${path}.mjs`).href)).resolves.toBeTypeOf("object");
});
