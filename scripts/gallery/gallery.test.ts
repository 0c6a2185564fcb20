import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  everyStep,
  parseTransformation,
  type Step,
  transformationParameters,
} from "../../packages/grammar/src/index.ts";
import { focusThumbnails } from "./focus-examples.ts";
import { captionHtml, sections } from "./page.ts";
import {
  focusThumbnailPath,
  maxThumbnailsBytes,
  sourceThumbnailPath,
  thumbnailKeys,
  thumbnailPath,
  thumbnailSources,
} from "./thumbnails.ts";

const page = readFileSync(new URL("../../docs/gallery.html", import.meta.url), "utf8");
const text = page.replaceAll("<wbr>", "");

/** The picture that a figure shows: its own, or one that several figures share. */
function pictureOf(figure = ""): string | undefined {
  const [, shared] = /<use href="#(picture-\d+)"\/>/.exec(figure) ?? [];
  const place = shared === undefined ? figure : page.slice(page.indexOf(`<symbol id="${shared}"`));
  return /(?:src|image href)="(data:[^"]+)"/.exec(place)?.[1];
}

describe("docs/gallery.html", () => {
  test.each(sections)("shows what `npm run gallery` would for $id", ({ id, examples }) => {
    const [, section = ""] = new RegExp(`<section id="${id}".*?</h2>(.*?)</section>`, "s").exec(text) ?? [];
    const figures = section.split("<figure>").slice(1);
    expect(figures).toHaveLength(examples.length);
    for (const [index, { transformation, caption }] of examples.entries()) {
      expect(figures[index]).toContain(`<code>/demo/tr:${transformation}/`);
      expect(figures[index]).toContain(captionHtml(caption));
      expect(pictureOf(figures[index])).toMatch(/^data:image\/[a-z+]+;base64,[A-Za-z0-9+/=]{100,}$/);
    }
  });

  test("asks for nothing and stays small", () => {
    const references = [...page.matchAll(/(?:src|href)="([^"]{0,40})/g)].map(([, reference = ""]) => reference);
    expect(references.filter((to) => !/^(data:image\/|#|(?:unsupported-)?transformations\.md)/.test(to))).toEqual([]);
    expect(page.length).toBeLessThan(1_000_000);
  });
});

test("each example is about its parameter", () => {
  for (const { id, examples } of sections) {
    for (const { transformation } of examples) {
      const { steps } = parseTransformation(transformation);
      const keys = keysOf(steps);
      if (id === "steps") expect(steps.length, transformation).toBeGreaterThan(1);
      else expect(keys, transformation).toContain(id);
    }
  }
});

/** The keys of steps and of their layers. */
function keysOf(steps: readonly Step[]): readonly string[] {
  return everyStep(steps).flatMap(({ parameters, layers }) => [
    ...Object.keys(parameters),
    ...layers.flatMap((layer) => [...Object.keys(layer.placement), ...keysOf(layer.steps)]),
  ]);
}

/** Values of other tiers, which need no example. */
const beyond = new Set(["mp4", "webm", "jpeg"]);

test.each(["c", "cm", "fo", "fl", "f"] as const)("each value of %s has an example", (key) => {
  const values = [...(transformationParameters[key].shape.values.split(";")[0]?.matchAll(/`([\w-]+)`/g) ?? [])];
  const shown = sections.flatMap(({ examples }) =>
    examples.flatMap(({ transformation }) => transformation.split(/[,:]/)),
  );
  expect(values.length).toBeGreaterThan(3);
  for (const [, value = ""] of values) if (!beyond.has(value)) expect(shown).toContain(`${key}-${value}`);
});

test("each parameter and each source has a thumbnail, and all of them together are small", () => {
  const folder = new URL("../../docs/images/transformations/", import.meta.url);
  const names = readdirSync(folder).map((name) => `images/transformations/${name}`);
  const expected = [
    ...thumbnailKeys.map(thumbnailPath),
    ...focusThumbnails.map(([name]) => focusThumbnailPath(name)),
    ...thumbnailSources.map(sourceThumbnailPath),
  ];
  expect(names.sort()).toEqual(expected.sort());
  const sizes = names.map((name) => readFileSync(new URL(`../../docs/${name}`, import.meta.url)).length);
  expect(Math.min(...sizes)).toBeGreaterThan(100);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(maxThumbnailsBytes);
});
