import { parseHeaderValue } from "./header-value.ts";

// RFC 2046 §5.1.1: 1 to 70 characters of this set, the last one not a space.
const boundaryValue = /^[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]$/;

/**
 * The boundary of a `multipart/form-data` request, or `undefined` when the header names none that is valid (RFC 7578
 * §4.1).
 */
export function parseBoundary(contentType: string | undefined): string | undefined {
  const header = contentType === undefined ? undefined : parseHeaderValue(contentType);
  if (header?.value !== "multipart/form-data") return undefined;
  const boundary = header.parameters.get("boundary");
  return boundary !== undefined && boundaryValue.test(boundary) ? boundary : undefined;
}
