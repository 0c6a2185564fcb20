import type { SearchQueryOptions } from "../parse.ts";

export const sampleOptions: SearchQueryOptions = {
  customFields: new Map([
    ["title", "Text"],
    ["notes", "Textarea"],
    ["rank", "Number"],
    ["expires", "Date"],
    ["approved", "Boolean"],
    ["colour", "SingleSelect"],
    ["sizes", "MultiSelect"],
    ["a.b c", "Text"],
  ]),
  now: Date.parse("2026-03-31T10:00:00.500Z"),
};
