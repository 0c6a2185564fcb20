/** One property of what a file says of itself, as the media API shows it. */
export type EmbeddedValue = string | number | boolean | readonly (string | number | boolean)[];
export type EmbeddedEntry = readonly [name: string, value: EmbeddedValue];
