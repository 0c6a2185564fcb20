import { describe, expect, test } from "vitest";
import { optionsAt, placeIn } from "./complete-query.ts";
import { searchTerms } from "./search-terms.ts";

const hostile = `"] OR name = "<img src=x>`;
const terms = searchTerms([
  {
    id: "1",
    name: "brand",
    label: "Brand name",
    schema: { type: "SingleSelect", selectOptions: ["Acme", hostile, 7] },
  },
  { id: "2", name: "sold", label: "Sold", schema: { type: "Boolean" } },
]);

/** The texts that the text becomes by each of the options. */
function completed(text: string, tags: readonly string[] = []): readonly string[] | undefined {
  const place = placeIn(text, terms);
  return place && optionsAt(place, terms, tags).map(({ insert }) => text.slice(0, place.from) + insert);
}

describe("a query is completed", () => {
  test.each([
    ["na", ["name ", '"customMetadata.brand" ']],
    ["SI", ["size "]],
    ["brand", ['"customMetadata.brand" ']],
    ["taken", ['"embeddedMetadata.DateTimeOriginal" ', '"embeddedMetadata.LocationTaken" ']],
    ["private ", ["private = "]],
    ["tags n", ["tags NOT IN [", "tags NOT EXISTS "]],
    ["private =", ["private =true ", "private =false "]],
    ["private = t", ["private = true "]],
    ["private = true", ["private = true "]],
    ["private = true ", ["private = true AND ", "private = true OR "]],
    ["private = true a", ["private = true AND "]],
    ['format IN ["p', ['format IN ["png"', 'format IN ["pdf"']],
    ['format IN ["png"', ['format IN ["png"] ', 'format IN ["png", ']],
    ['format IN ["png", we', ['format IN ["png", "webp"', 'format IN ["png", "webm"']],
    ['(size > "1mb" OR width > 5) AND pub', ['(size > "1mb" OR width > 5) AND published ']],
    ['"customMetadata.sold" = f', ['"customMetadata.sold" = false ']],
    ['"customMetadata.brand" = A', ['"customMetadata.brand" = "Acme" ']],
    ['"customMetadata.brand" = 7', ['"customMetadata.brand" = 7 ']],
  ])("%s", (text, expected) => {
    expect(completed(text)).toEqual(expected);
  });

  test("with tags, which stay texts whatever is in them", () => {
    expect(completed("tags IN [su", ["summer", hostile])).toEqual([`tags IN ["summer"`]);
    expect(completed("tags IN [", [hostile])).toEqual([`tags IN ["\\"] OR name = \\"<img src=x>"`]);
    expect(completed("summ", ["summer"])).toEqual([`tags IN ["summer"] `]);
  });

  test.each(["red shoe", "red sh", "size > 5 nonsense x", "unknown = 5"])("%s is no query to go on with", (text) => {
    expect(placeIn(text, terms)).toBeUndefined();
  });
});
