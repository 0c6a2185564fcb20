/**
 * A response of this realm's class or of another's, as polyfills and older adapters have them: a refusal that is not
 * known for one would be taken for somebody who is signed in.
 */
export function isResponse(value: unknown): value is Response {
  return value instanceof Response || Object.prototype.toString.call(value) === "[object Response]";
}
