import { createHash } from "node:crypto";
import type { DeliverableRow } from "../../../database/repositories/deliverables.ts";

const digits = 32;
const ownerDigits = 8;

/**
 * The cache key of a file derived from a version: 32 hexadecimal digits. The last eight name the account, so that its
 * derived files can be erased together with the account.
 * @param what everything else that the bytes depend on; JSON
 */
export function renditionKey(
  { account_id, id, purges }: Pick<DeliverableRow, "account_id" | "id" | "purges">,
  what: readonly unknown[],
): string {
  return hexDigest([id, purges, ...what]).slice(0, digits - ownerDigits) + ownerMark(account_id);
}

/**
 * Tells whether the derived file with a key was made for one of the accounts. Two accounts rarely share a mark; what
 * was made for an erased account is then kept as long as any other entry.
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
