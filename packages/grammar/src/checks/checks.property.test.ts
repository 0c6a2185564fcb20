import fc from "fast-check";
import { expect, test } from "vitest";
import { evaluateChecks, type Fact, type Facts, notYetKnown } from "./evaluate.ts";
import { parseChecks } from "./parse.ts";
import { checkPromises } from "./testing/checks-promises.ts";
import { checksText, hostileChecks } from "./testing/checks-texts.ts";
import { earlyFacts, sampleFacts, sampleFields, videoFacts } from "./testing/sample-facts.ts";

test("checks are read as what they were printed from", () => {
  let read = 0;
  const property = fc.property(checksText, (text) => {
    if (checkPromises(text)) read += 1;
  });
  fc.assert(property, { numRuns: 1000, seed: 1 });
  expect(read).toBe(1000);
});

test("no text makes it throw anything but its own error", () => {
  fc.assert(
    fc.property(hostileChecks, (text) => void checkPromises(text)),
    { numRuns: 2000, seed: 2 },
  );
});

test.each([
  `"file.size" > -0`,
  `"mediaMetadata.width" = 5e-1324`,
  `"request.folder" = "////"`,
  String.raw`"file.mime" = "\\"`,
])("%s neither", (text) => {
  expect(checkPromises(text)).toBe(true);
});

test("what the request alone decides is what all facts decide", () => {
  const outcomes = new Set<string>();
  const property = fc.property(checksText, fc.constantFrom(sampleFacts, videoFacts), (text, facts) => {
    const checks = parseChecks(text, sampleFields);
    const early = evaluateChecks(checks, earlyFacts);
    outcomes.add(early.outcome);
    const late = evaluateChecks(checks, facts);
    expect(late.outcome).not.toBe("undecided");
    if (early.outcome !== "undecided") expect(late.outcome).toBe(early.outcome);
  });
  fc.assert(property, { numRuns: 1000, seed: 3 });
  expect(outcomes).toEqual(new Set(["passes", "fails", "undecided"]));
});

/** An expression whose conditions hold, don't hold or can't be decided yet, and its result in three-valued logic. */
interface Judged {
  readonly text: string;
  readonly truth: boolean | undefined;
}

const leaves: Readonly<Record<string, Fact>> = { true: true, false: false, unknown: notYetKnown };
const leaf: fc.Arbitrary<Judged> = fc.constantFrom(
  { text: `"request.isPublished" = true`, truth: true },
  { text: `"request.isPrivateFile" = true`, truth: false },
  { text: `"request.overwriteFile" = true`, truth: undefined },
);
const judgedFacts: Facts = (field) =>
  field === "request.isPublished" ? leaves.true : field === "request.isPrivateFile" ? leaves.false : leaves.unknown;

const judged = fc.letrec<{ expression: Judged }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 5 },
    leaf,
    fc.tuple(fc.boolean(), tie("expression"), tie("expression")).map(([isAnd, one, other]): Judged => {
      const text = `(${one.text}) ${isAnd ? "AND" : "OR"} (${other.text})`;
      const both = [one.truth, other.truth];
      if (both.includes(!isAnd)) return { text, truth: !isAnd };
      return { text, truth: both.includes(undefined) ? undefined : isAnd };
    }),
  ),
})).expression;

test("AND and OR are those of three-valued logic", () => {
  const outcomes = new Map([
    [true, "passes"],
    [false, "fails"],
    [undefined, "undecided"],
  ]);
  const property = fc.property(judged, ({ text, truth }) => {
    expect(evaluateChecks(parseChecks(text), judgedFacts).outcome).toBe(outcomes.get(truth));
  });
  fc.assert(property, { numRuns: 1000, seed: 4 });
});
