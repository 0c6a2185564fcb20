/** An event that a process counts besides deliveries. The names of a kind are few, and none of them comes from a client. */
export type CountedEvent =
  | { readonly kind: "cache"; readonly name: "hit" | "miss" }
  | { readonly kind: "refusals"; readonly name: `${string}/${string}` };

/** An upload, which is counted in the transaction that stores it. */
export const storedUpload = { kind: "uploads", name: "stored" } as const;

/** The things that one counter counts. */
export interface Counted {
  readonly accountId: string;
  /** `YYYY-MM-DD`, in UTC. */
  readonly day: string;
  /** The status of deliveries, or the kind of an event. */
  readonly what: string;
  /** The media type of deliveries without parameters, or the name of an event. */
  readonly name: string;
}

/** RFC 6838 §4.2 has no longer names. */
const maxTypeLength = 255;

/** The media type without parameters. */
export function mediaTypeOf(contentType: string): string {
  const end = contentType.indexOf(";");
  const type = (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
  return /^[!-~]*$/.test(type) ? type.slice(0, maxTypeLength) : "";
}
