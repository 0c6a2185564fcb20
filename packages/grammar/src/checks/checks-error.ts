import { ExpressionError } from "../expressions/expression-error.ts";

/**
 * The only error that the checks language throws: an expression can't be parsed, or it asks something of a field that
 * the field doesn't have.
 */
export class ChecksError extends ExpressionError {
  override readonly name = "ChecksError";
}
