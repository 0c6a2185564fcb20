/** An operation of the vendor's API that this server doesn't have yet (docs/protocol/media-api.md §3). */
export interface NotBuiltOperation {
  readonly method: "DELETE" | "GET" | "POST" | "PUT";
  readonly path: string;
  /** The operation's work, as the beginning of a sentence that ends with "is not built yet". */
  readonly what: string;
}

/**
 * Each of these operations is answered by name. A change that builds one removes its line here and runs `npm run docs`,
 * which writes the same list into the README.
 */
export const notBuiltOperations: readonly NotBuiltOperation[] = [
];
