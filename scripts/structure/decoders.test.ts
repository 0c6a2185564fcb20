import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { entries, loadedDecoders, strayStarts } from "./decoders.ts";
import { importsIn } from "./imports.ts";

const server = "packages/server/src";
const file = (path: string, text: string) => ({ path: `${server}/${path}`, text, imports: importsIn(text, path) });

test("a decoder that the server's process would load is found, with the way to it", () => {
  const main = file("main.ts", 'import { serve } from "./app/serve.ts";');
  const serve = file("app/serve.ts", 'export * from "../media/a.ts";');
  for (const text of [
    'import sharp from "sharp";',
    'import sharp, { type Sharp } from "sharp";',
    'const pages = await import("@sluice/pages");',
    'import heif from "libheif-js/wasm-bundle.js";',
  ]) {
    expect(loadedDecoders([main, serve, file("media/a.ts", text)]), text).toEqual([
      expect.stringMatching(/^main\.ts > app\/serve\.ts > media\/a\.ts loads /),
    ]);
  }
});

test("the modules that are looked at first are all there", () => {
  expect(entries.filter((entry) => !existsSync(`${server}/${entry}`))).toEqual([]);
});

test("types load nothing, and neither does a module that a process of its own begins with", () => {
  const main = file(
    "main.ts",
    'import type { A } from "./media/a.ts";\nimport { type B, type C } from "./media/b.ts";\nnew URL("./media/c.ts", import.meta.url);',
  );
  const sharp = (name: string) => file(`media/${name}.ts`, 'import sharp from "sharp";');
  expect(loadedDecoders([main, sharp("a"), sharp("b"), sharp("c")])).toEqual([]);
});

test("in media, one folder alone starts processes", () => {
  const spawns = 'import { spawn } from "node:child_process";';
  expect(strayStarts([file("media/video/a.ts", spawns)])).toHaveLength(1);
  expect(strayStarts([file("media/processes/a.ts", spawns), file("backup/a.ts", spawns)])).toEqual([]);
});
