import { type CustomFields, parseSearchQuery } from "@sluice/grammar";
import { describe, expect, test } from "vitest";
import { optionsAt, placeIn } from "./complete-query.ts";
import { filters } from "./filters.ts";
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

describe("the search language takes", () => {
  const types = ["Text", "Textarea", "Number", "Date", "Boolean", "SingleSelect", "MultiSelect"] as const;
  const customFields: CustomFields = new Map(types.map((type) => [type, type]));
  const parse = (query: string) => parseSearchQuery(query, { customFields, now: 0 });

  test.each(Object.values(filters).flat())("the filter $name", ({ condition }) => {
    expect(() => parse(condition)).not.toThrow();
  });

  /** For the fields whose values nobody can guess. */
  const samples: Readonly<Record<string, string>> = {
    '"customMetadata.Number"': "5",
    '"embeddedMetadata.LocationTaken"': '"1,1 5km"',
  };
  const everyTerm = searchTerms(
    types.map((type) => {
      const schema = type.endsWith("Select") ? { type, selectOptions: ["Acme", 7] } : { type };
      return { id: type, name: type, label: type, schema };
    }),
  );

  test.each(everyTerm)("what $field is completed to", (term) => {
    const { field, values } = term;
    for (const operator of optionsAt({ expected: "operator", term, typed: "", from: 0 }, everyTerm, [])) {
      const begun = `${field} ${operator.insert}`;
      const isList = begun.endsWith("[");
      const place = { expected: isList ? "item" : "value", term, typed: "", from: begun.length } as const;
      const offered = optionsAt(place, everyTerm, ["summer"]).map(({ insert }) => insert);
      if (values.length === 0) offered.push(samples[field] ?? '"a"');
      for (const value of operator.key.endsWith("EXISTS") ? [""] : offered) {
        expect(() => parse(`${begun}${value}${isList ? "]" : ""}`)).not.toThrow();
      }
    }
  });
});
