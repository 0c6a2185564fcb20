/**
 * Whether a value is a response, of this realm's class or of another realm's, as polyfills and older adapters create
 * them. A refusal that isn't recognised as a response would be taken for a signed-in user.
 */
export function isResponse(value: unknown): value is Response {
  return value instanceof Response || Object.prototype.toString.call(value) === "[object Response]";
}
