/** An operator with its negation. `EXISTS` stands without a value. */
export type SearchOperator =
  | "="
  | ":"
  | "<"
  | "<="
  | ">"
  | ">="
  | "IN"
  | "HAS"
  | "EXISTS"
  | "NOT ="
  | "NOT IN"
  | "NOT EXISTS";

/** Words that have a meaning without quotes, in any case. They can't be values or names of fields. */
export const searchKeywords: ReadonlySet<string> = new Set(["AND", "OR", "NOT", "IN", "HAS", "EXISTS"]);
