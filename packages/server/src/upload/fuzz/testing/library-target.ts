import fc, { type Arbitrary } from "fast-check";
import { expect } from "vitest";
import { basicCandidates } from "../../../accounts/authenticate.ts";
import { parseFilePatchWithExtensions } from "../../../extensions/file-patch/patch-file.ts";
import { jsonObjectOf } from "../../../http/json-body.ts";
import { parseListing } from "../../../library/listing/parse-listing.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { hostileText } from "./hostile-text.ts";
import { mutate, mutations } from "./mutation.ts";
import { outcomeOf } from "./parameters-target.ts";

const listingNames = [
  "type",
  "sort",
  "path",
  "fileType",
  "limit",
  "skip",
  "searchQuery",
  "name",
  "cursor",
  "startAt",
  "duplicatesOf",
  "similarTo",
  "count",
  "__proto__",
  "a",
];
const listingValue: Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: hostileText },
  {
    weight: 3,
    arbitrary: fc.constantFrom("file", "file-version", "all", "ASC_NAME", "DESC_SIZE", "image", "1", "1000", "1001"),
  },
  { weight: 1, arbitrary: fc.array(hostileText, { maxLength: 2 }) },
);

/** A query as the router hands it over: an object without a prototype. */
const query = fc
  .array(fc.tuple(fc.constantFrom(...listingNames), listingValue), { maxLength: 4 })
  .map((pairs) => Object.assign(Object.create(null), Object.fromEntries(pairs)) as Record<string, unknown>);

const memberName = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom("tags", "customCoordinates", "description", "publish", "isPublished", "extensions"),
  },
  { weight: 1, arbitrary: fc.constantFrom("__proto__", "constructor", "toString", "includeFileVersions", "") },
);
const memberValue = fc.oneof(
  hostileText,
  fc.boolean(),
  fc.constant(null),
  fc.integer(),
  fc.array(fc.oneof(hostileText, fc.integer()), { maxLength: 3 }),
  fc.dictionary(memberName, fc.oneof(fc.boolean(), hostileText), { maxKeys: 3 }),
);
const details = fc.record(
  {
    tags: fc.oneof(fc.constant(null), fc.array(fc.oneof(hostileText, fc.constant("a")), { maxLength: 3 })),
    customCoordinates: fc.constantFrom("0,0,10,10", "", null, "1,2"),
    description: hostileText,
  },
  { requiredKeys: [] },
);
const publication = fc.record({
  publish: fc.record(
    { isPublished: fc.oneof(fc.boolean(), fc.constant("true")), includeFileVersions: fc.boolean() },
    { requiredKeys: ["isPublished"] },
  ),
});
const body = fc
  .tuple(
    fc.oneof(
      details,
      publication,
      fc.dictionary(memberName, memberValue, { maxKeys: 3 }),
      fc.jsonValue({ maxDepth: 3 }),
    ),
    mutations,
  )
  .map(([value, changes]) => mutate(Buffer.from(JSON.stringify(value)), changes));

/** Queries and JSON bodies of the media API, and Basic headers. */
export const libraryTarget: FuzzTarget = {
  name: "the media API's queries, bodies and credentials",
  share: 120,
  check(batch) {
    const numRuns = Math.ceil(batch.numRuns / 3);
    fc.assert(fc.property(query, expectListing), { ...batch, numRuns });
    fc.assert(fc.property(body, expectPatch), { ...batch, numRuns });
    fc.assert(fc.property(fc.oneof(hostileText, credentials), expectCredentials), { ...batch, numRuns });
  },
};

function expectListing(parameters: Record<string, unknown>): void {
  const listing = outcomeOf(() => parseListing(parameters));
  if (listing === undefined) return;
  expect(listing.limit).toBeGreaterThanOrEqual(1);
  expect(listing.limit).toBeLessThanOrEqual(1000);
  expect(Number.isSafeInteger(listing.skip) && listing.skip >= 0).toBe(true);
  if (listing.folderPath !== undefined) expect(listing.folderPath).toMatch(/^\/(?:[^/]+(?:\/[^/]+)*)?$/);
}

function expectPatch(bytes: Buffer): void {
  const patch = outcomeOf(() => parseFilePatchWithExtensions(jsonObjectOf(bytes)));
  if (patch === undefined) return;
  expect(Object.getPrototypeOf(patch)).toBe(Object.prototype);
  if (patch.kind === "publication") {
    expect(typeof patch.publication.isPublished).toBe("boolean");
    expect(typeof patch.publication.includeFileVersions).toBe("boolean");
    return;
  }
  const { tags, customCoordinates, description, customMetadata, removeAITags, extensions, webhookUrl, ...others } = {
    ...patch.details,
    ...patch.others,
  };
  expect(others).toEqual({});
  for (const tag of tags ?? []) expect(typeof tag).toBe("string");
  for (const text of [customCoordinates, description, webhookUrl]) {
    expect(text === undefined || text === null || (typeof text === "string" && text !== "")).toBe(true);
  }
  expect(typeof (customMetadata ?? {})).toBe("object");
  expect(removeAITags === undefined || removeAITags === "all" || Array.isArray(removeAITags)).toBe(true);
  for (const { name } of extensions ?? []) expect(typeof name).toBe("string");
}

const credentials = fc
  .tuple(fc.constantFrom("Basic ", "basic\t", "BASIC", "Bearer ", ""), hostileText, fc.boolean())
  .map(([scheme, text, encoded]) => scheme + (encoded ? Buffer.from(`${text}:`).toString("base64") : text));

function expectCredentials(header: string): void {
  for (const candidate of basicCandidates(header) ?? []) expect(candidate).not.toBe("");
}
