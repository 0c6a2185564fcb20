/**
 * The maximum contents of one searchQuery. A query is a part of a URL, whose headers are bounded as a whole as well. Each
 * condition costs the database work, and each value a parameter of its statement.
 */
export const searchBounds = {
  characters: 16_384,
  /** Parentheses in one another. */
  depth: 32,
  conditions: 100,
  /** The values of all conditions together. */
  values: 1000,
} as const;
