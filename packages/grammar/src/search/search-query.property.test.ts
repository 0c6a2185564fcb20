import fc from "fast-check";
import { expect, test } from "vitest";
import { searchPromises } from "./testing/search-promises.ts";
import { hostileSearch, searchText } from "./testing/search-texts.ts";

test("queries are read as what they were printed from", () => {
  let read = 0;
  const property = fc.property(searchText, (text) => {
    if (searchPromises(text)) read += 1;
  });
  fc.assert(property, { numRuns: 1000, seed: 1 });
  expect(read).toBe(1000);
});

test("no text makes it throw anything but its own error", () => {
  fc.assert(
    fc.property(hostileSearch, (text) => void searchPromises(text)),
    { numRuns: 2000, seed: 2 },
  );
});
