import { expect, test } from "vitest";
import { fallbacks, families, findFamily, standardFamily } from "./families.ts";

test("there are the 22 families of docs/protocol/transformations.md §6.2", () => {
  expect(families.map(({ name }) => name).join(", ")).toBe(
    "AbrilFatFace, Amaranth, Arvo, Audiowide, Chivo, Crimson Text, exo, Fredoka One, Gravitas One, Kanit, Lato, Lobster, " +
      "Lora, Monoton, Montserrat, Old Standard, Open Sans, PT Mono, PT_Serif, Roboto, Ubuntu, Vollkorn",
  );
  expect(families.map(({ name }) => name)).toContain(standardFamily);
});

test.each([
  ["Crimson Text", "Crimson Text"],
  ["crimson_text", "Crimson Text"],
  ["CRIMSONTEXT", "Crimson Text"],
  ["PT Serif", "PT Serif"],
  ["PT_Serif", "PT Serif"],
  ["exo", "Exo"],
  ["Old Standard", "Old Standard TT"],
  ["abril fat face", "Abril Fatface"],
  ["", "Open Sans"],
  ["Comic Sans", "Open Sans"],
  ["constructor", "Open Sans"],
])("%j is the family %s", (name, family) => {
  expect(findFamily(name)).toBe(family);
});

test("no family is a fallback as well", () => {
  const names = [...families, ...fallbacks].map(({ from }) => from);
  expect(new Set(names).size).toBe(names.length);
});
