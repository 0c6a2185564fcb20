/**
 * The lists that clients may also send as repeated parts `name[]` beside Basic authentication
 * (docs/protocol/upload.md §5).
 */
export const repeatableParameters = ["tags", "responseFields"] as const;
export const repeatablePartNames: ReadonlySet<string> = new Set(repeatableParameters.map((name) => `${name}[]`));
