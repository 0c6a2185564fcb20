import { SluiceError } from "@sluice/protocol";
import type { KeyPair } from "../../accounts/key-pair.ts";
import { findAccount } from "../../database/repositories/accounts.ts";
import { listFullKeyPairs } from "../../database/repositories/key-pairs.ts";
import type { DemoNeeds } from "./needs.ts";

/**
 * The key pairs with which the demo may sign, the newest without an end first. They are looked up for each request, so
 * that a rotation takes effect at once. A page that was loaded before the rotation goes on with its own pair during
 * that pair's grace.
 */
export async function demoKeys({
  config,
  database,
  now,
}: Pick<DemoNeeds, "config" | "database" | "now">): Promise<[KeyPair, ...KeyPair[]]> {
  const account = await findAccount(database.reader, { imagekit_id: config.imagekitId });
  const rows = account === undefined ? [] : await listFullKeyPairs(database.reader, account.id, now());
  const [newest, ...others] = rows.map((row) => ({ publicKey: row.public_key, privateKey: row.private_key }));
  if (newest === undefined) throw new SluiceError("PRIVATE_KEY_EXPIRED");
  return [newest, ...others];
}
