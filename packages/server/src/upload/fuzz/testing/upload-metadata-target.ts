import { SluiceError } from "@sluice/protocol";
import fc, { type Arbitrary } from "fast-check";
import { expect } from "vitest";
import { parseUploadMetadata } from "../../resumable/metadata.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { fieldName, hostileText } from "./hostile-text.ts";
import { mutate, mutations } from "./mutation.ts";

const limits = { parts: 6, fieldBytes: 2_000, allFieldsBytes: 4_000 };

const key: Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("a", "b", "token", "filename", "__proto__", "tags[]", "x=", "") },
  { weight: 1, arbitrary: fieldName },
);
const pair: Arbitrary<string> = fc
  .tuple(
    key,
    hostileText,
    fc.constantFrom<"base64" | "base64url" | "latin1">("base64", "base64", "base64url", "latin1"),
  )
  .map(([name, value, encoding]) => `${name} ${Buffer.from(value).toString(encoding)}`);

/** Pairs that the header's rules allow, with names that differ and values within the limits. */
const plain = fc.uniqueArray(
  fc.tuple(fc.constantFrom("a", "b", "c=", "D[]", "__proto__"), fc.string({ unit: "binary", maxLength: 20 })),
  { selector: ([name]) => name },
);

/** Any header is refused by name, or gives pairs that are the header again when they are written anew. */
export const uploadMetadataTarget: FuzzTarget = {
  name: "the Upload-Metadata header",
  share: 100,
  check(batch) {
    const numRuns = Math.ceil(batch.numRuns / 2);
    fc.assert(
      fc.property(plain, (pairs) => {
        expect(parseUploadMetadata(write(pairs), limits)).toEqual(pairs);
      }),
      { ...batch, numRuns },
    );
    fc.assert(fc.property(fc.array(pair, { maxLength: 8 }), mutations, expectFaithful), { ...batch, numRuns });
  },
};

function write(pairs: readonly (readonly [name: string, value: string])[]): string {
  return pairs.map(([name, value]) => `${name} ${Buffer.from(value).toString("base64")}`).join(",");
}

function expectFaithful(given: readonly string[], changes: Parameters<typeof mutate>[1]): void {
  // Node hands a header over as Latin-1.
  const text = mutate(Buffer.from(given.join(",")), changes).toString("latin1");
  let pairs: [name: string, value: string][];
  try {
    pairs = parseUploadMetadata(text, limits);
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    expect(error.status).toBe(400);
    expect(error.message).toMatch(/^[\x20-\x7e…]{1,200}$/);
    return;
  }
  expect(pairs.length).toBeLessThanOrEqual(limits.parts);
  expect(new Set(pairs.map(([name]) => name)).size).toBe(pairs.length);
  for (const [name] of pairs) expect(name).toMatch(/^[\x21-\x2b\x2d-\x7e]+$/);
  const normal = (header: string) => header.split(",").map((each) => each.replace(/^[ \t]+|[ \t]+$/g, ""));
  if (pairs.length > 0) expect(normal(write(pairs))).toEqual(normal(text));
}
