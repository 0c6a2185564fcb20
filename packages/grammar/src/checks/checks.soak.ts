import fc from "fast-check";
import { test } from "vitest";
import { fuzzParameters } from "../testing/fuzz-parameters.ts";
import { checkPromises } from "./testing/checks-promises.ts";
import { checksText, hostileChecks } from "./testing/checks-texts.ts";

test("checks keep their promises", () => {
  fc.assert(
    fc.property(checksText, (text) => void checkPromises(text)),
    fuzzParameters(30_000),
  );
}, 120_000);

test("hostile texts too", () => {
  fc.assert(
    fc.property(hostileChecks, (text) => void checkPromises(text)),
    fuzzParameters(50_000),
  );
}, 120_000);
