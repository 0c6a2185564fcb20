import { createHash } from "node:crypto";
import type { DeliverableRow } from "../../database/repositories/deliverables.ts";

const digits = 32;
const ownerDigits = 8;

/**
 * The key of what is made of a version: 32 hexadecimal digits, the last of which name the account, so that what was made
 * for an account can be erased with it.
 * @param what everything else that the bytes depend on; JSON
 */
export function derivedKey(
  { account_id, id, purges }: Pick<DeliverableRow, "account_id" | "id" | "purges">,
  what: readonly unknown[],
): string {
  return hexDigest([id, purges, ...what]).slice(0, digits - ownerDigits) + ownerMark(account_id);
}

/**
 * Whether what has that key was made for one of the accounts. Two accounts rarely share a mark; what was made for an
 * erased account is then kept as long as any other entry.
 */
export function madeForOneOf(accountIds: readonly string[]): (key: string) => boolean {
  const marks = new Set(accountIds.map(ownerMark));
  return (key) => marks.has(key.slice(-ownerDigits));
}

function ownerMark(accountId: string): string {
  return hexDigest(["account", accountId]).slice(0, ownerDigits);
}

function hexDigest(value: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
