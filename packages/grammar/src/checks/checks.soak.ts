import fc from "fast-check";
import { test } from "vitest";
import { checkPromises } from "./testing/checks-promises.ts";
import { checksText, hostileChecks } from "./testing/checks-texts.ts";

const seed = Number(process.env.SLUICE_FUZZ_SEED ?? 20_260_501);

test("checks keep their promises", () => {
  fc.assert(
    fc.property(checksText, (text) => void checkPromises(text)),
    { numRuns: 40_000, seed },
  );
}, 120_000);

test("hostile texts too", () => {
  fc.assert(
    fc.property(hostileChecks, (text) => void checkPromises(text)),
    { numRuns: 80_000, seed },
  );
}, 120_000);
