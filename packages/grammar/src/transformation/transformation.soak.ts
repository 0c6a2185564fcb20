import fc from "fast-check";
import { test } from "vitest";
import { hostileText } from "./testing/hostile-texts.ts";
import { checkPromises } from "./testing/promises.ts";
import { transformationText } from "./testing/transformation-texts.ts";

const form = fc.constantFrom("path" as const, "query" as const);
const seed = Number(process.env.SLUICE_FUZZ_SEED ?? 20_260_501);

test("transformations keep their promises", () => {
  const property = fc.property(transformationText, form, (text, where) => void checkPromises(text, where));
  fc.assert(property, { numRuns: 30_000, seed });
}, 120_000);

test("hostile texts too", () => {
  const property = fc.property(hostileText, form, (text, where) => void checkPromises(text, where));
  fc.assert(property, { numRuns: 80_000, seed });
}, 120_000);
