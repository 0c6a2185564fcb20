/** The kinds of events that are counted besides deliveries. */
const eventKinds = ["uploads", "cache", "refusals"] as const;
export type EventKind = (typeof eventKinds)[number];

/** An event as it is counted. The names of a kind are few, and none of them comes from a client. */
export type CountedEvent =
  | { readonly kind: "uploads"; readonly name: "stored" }
  | { readonly kind: "cache"; readonly name: "hit" | "miss" }
  | { readonly kind: "refusals"; readonly name: `${string}/${string}` };

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

/** The name of a counter: one line. */
export function keyOf({ accountId, day, what, name }: Counted, maxBytes: number): string {
  return `${accountId} ${day} ${what} ${name}`.slice(0, maxBytes);
}

export function countedIn(key: string): Counted {
  const [accountId = "", day = "", what = "", name = ""] = key.split(" ");
  return { accountId, day, what, name };
}

const known = new RegExp(`^[\\w-]+ \\d{4}-\\d\\d-\\d\\d (?:[1-5]\\d\\d|${eventKinds.join("|")}) [!-~]*$`);

/** Whether a line is the name of a counter. A file may have been damaged. */
export function isKey(key: string): boolean {
  return known.test(key);
}

/** The media type without parameters. */
export function mediaTypeOf(contentType: string): string {
  const end = contentType.indexOf(";");
  const type = (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
  return /^[!-~]*$/.test(type) ? type : "";
}
