import type { DeliveryCount } from "../database/repositories/usage.ts";
import type { CountedDeliveries } from "./usage-transactions.ts";

type CountedBy = Omit<CountedDeliveries, keyof Pick<DeliveryCount, "requests" | "bytes">>;

/** The name of a counter: one line. */
export function keyOf({ accountId, day, status, type }: CountedBy, maxBytes: number): string {
  return `${accountId} ${day} ${status} ${mediaTypeOf(type)}`.slice(0, maxBytes);
}

export function countedIn(key: string): CountedBy {
  const [accountId = "", day = "", status = "", type = ""] = key.split(" ");
  return { accountId, day, status: Number(status), type };
}

/** Whether a line is the name of a counter. A file may have been damaged. */
export function isKey(key: string): boolean {
  return /^[\w-]+ \d{4}-\d\d-\d\d [1-5]\d\d [!-~]*$/.test(key);
}

/** The media type without parameters. */
function mediaTypeOf(contentType: string): string {
  const end = contentType.indexOf(";");
  const type = (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
  return /^[!-~]*$/.test(type) ? type : "";
}
