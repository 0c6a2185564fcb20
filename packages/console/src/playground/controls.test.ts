import { layerParameters, transformationParameters } from "@sluice/grammar";
import { describe, expect, test } from "vitest";
import { type Control, controls } from "./controls.ts";

const scope = { sizes: new Set<never>() };
const shapes = Object.entries({ ...transformationParameters, ...layerParameters });
const every: readonly Control[] = Object.values(controls).flat();

describe.each(every.map((control) => [control.key, control] as const))("the control of %s", (key, control) => {
  const shape = shapes.find(([known]) => known === key)?.[1].shape;

  test("sets a parameter that the grammar has", () => expect(shape).toBeDefined());

  if ("options" in control) {
    test.each(control.options)("offers %s, which the grammar takes as it stands", (option) => {
      const value = shape?.parse(option, scope);
      expect(value).toBeDefined();
      expect(shape?.print(value as never)).toBe(option);
    });
  }
});
