import fc from "fast-check";
import { expect, test } from "vitest";
import { parseTransformation } from "./parse.ts";
import { printTransformation } from "./print.ts";
import { corpus, hostileText } from "./testing/hostile-texts.ts";
import { checkPromises } from "./testing/promises.ts";
import { transformationText } from "./testing/transformation-texts.ts";

const form = fc.constantFrom("path" as const, "query" as const);

test("a transformation is read as what it was printed from", () => {
  let read = 0;
  const property = fc.property(transformationText, form, (text, where) => {
    if (checkPromises(text, where)) read += 1;
  });
  fc.assert(property, { numRuns: 1000, seed: 1 });
  // With too few readable texts the test would show little.
  expect(read).toBeGreaterThan(500);
});

test("no text makes it throw anything but its own error", () => {
  fc.assert(
    fc.property(hostileText, form, (text, where) => void checkPromises(text, where)),
    { numRuns: 2000, seed: 2 },
  );
});

test.each(corpus.map((text) => [text.slice(0, 60), text]))("%j neither", (_, text) => {
  checkPromises(text, "path");
  checkPromises(text, "query");
});

test("a generic query builder changes nothing", () => {
  const property = fc.property(transformationText, (text) => {
    fc.pre(readable(text));
    const printed = printTransformation(parseTransformation(text));
    // `URLSearchParams` encodes decoded text, which loses a delimiter inside a value.
    fc.pre(/[,:]/.test(printed) && !/%/.test(printed));
    const built = new URLSearchParams({ tr: printed }).toString().slice("tr=".length);
    expect(parseTransformation([{ text: built, form: "query" }])).toEqual(parseTransformation(printed));
  });
  fc.assert(property, { numRuns: 300, seed: 3 });
});

function readable(text: string): boolean {
  try {
    parseTransformation(text);
    return true;
  } catch {
    return false;
  }
}
