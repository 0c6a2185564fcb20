import fc from "fast-check";
import { test } from "vitest";
import { fuzzParameters } from "../testing/fuzz-parameters.ts";
import { searchPromises } from "./testing/search-promises.ts";
import { hostileSearch, searchText } from "./testing/search-texts.ts";

test("search queries keep their promises", () => {
  fc.assert(
    fc.property(searchText, (text) => void searchPromises(text)),
    fuzzParameters(30_000),
  );
}, 120_000);

test("hostile texts too", () => {
  fc.assert(
    fc.property(hostileSearch, (text) => void searchPromises(text)),
    fuzzParameters(50_000),
  );
}, 120_000);
