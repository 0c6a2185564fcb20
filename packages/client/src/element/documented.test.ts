import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { reflectedAttributes } from "./reflect.ts";
import { css } from "./styles.ts";
import { english } from "./texts.ts";

const page = await readFile(new URL("../../../../docs/uploader-element.md", import.meta.url), "utf8");

test("every attribute, text and CSS property is in the documentation", () => {
  const properties = new Set(css.match(/--sluice-[\w-]+/g));
  expect(properties.size).toBeGreaterThan(5);
  for (const name of [...reflectedAttributes, ...Object.keys(english), ...properties])
    expect(page).toContain(`\`${name}\``);
});

test("the English texts are in the documentation as they are", () => {
  const shown = page.replace(/\s+/g, " ");
  for (const text of Object.values(english)) expect(shown).toContain(text);
});

test("a server that renders pages can import the element", async () => {
  await expect(import("../element.ts")).resolves.toHaveProperty("SluiceUploader");
});
