import { createHash } from "node:crypto";
import type { DeliverableRow } from "../../database/repositories/deliverables.ts";

/**
 * The key of what is made of a version: 32 hexadecimal digits.
 * @param what everything else that the bytes depend on; JSON
 */
export function derivedKey({ id, purges }: Pick<DeliverableRow, "id" | "purges">, what: readonly unknown[]): string {
  return createHash("sha256")
    .update(JSON.stringify([id, purges, ...what]))
    .digest("hex")
    .slice(0, 32);
}
