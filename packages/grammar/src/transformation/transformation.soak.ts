import fc from "fast-check";
import { test } from "vitest";
import { fuzzParameters } from "../testing/fuzz-parameters.ts";
import { hostileText } from "./testing/hostile-texts.ts";
import { checkPromises } from "./testing/promises.ts";
import { transformationText } from "./testing/transformation-texts.ts";

const form = fc.constantFrom("path" as const, "query" as const);

test("transformations keep their promises", () => {
  const property = fc.property(transformationText, form, (text, where) => void checkPromises(text, where));
  fc.assert(property, fuzzParameters(20_000));
}, 120_000);

test("hostile texts too", () => {
  const property = fc.property(hostileText, form, (text, where) => void checkPromises(text, where));
  fc.assert(property, fuzzParameters(50_000));
}, 120_000);
