import type { CustomTests, SearchTests } from "@sluice/grammar";

/* Tests of conditions, by names. */

export type Relation = Extract<SearchTests["size"], { readonly kind: "relation" }>;
export type Span = Extract<SearchTests["createdAt"], { readonly kind: "spans" }>["spans"][number];
export type Words = Extract<SearchTests["name"], { readonly kind: "words" }>;
export type AnyTest = SearchTests[keyof SearchTests] | CustomTests[keyof CustomTests] | { readonly kind: "exists" };
