import { ExpressionError } from "../expressions/expression-error.ts";

/**
 * The only error that the searchQuery language throws: a query can't be parsed, exceeds a bound, or asks something of a
 * field that the field doesn't have.
 */
export class SearchQueryError extends ExpressionError {
  override readonly name = "SearchQueryError";
}
