/** A header that a client has sent twice is one list, as HTTP has it. */
export function joinedHeader(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(",") : header;
}
