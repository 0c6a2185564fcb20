/** The value of one property of a file's embedded metadata, as the media API shows it. */
export type EmbeddedValue = string | number | boolean | readonly (string | number | boolean)[];
export type EmbeddedEntry = readonly [name: string, value: EmbeddedValue];
