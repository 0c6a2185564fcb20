import { isImagekitId } from "../../config/reserved-paths.ts";
import type { Connection } from "../../database/database.ts";
import { type AccountRow, findAccount } from "../../database/repositories/accounts.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";

/** @throws DeliveryRefusal ENDPOINT_NOT_FOUND */
export async function findEndpoint(connection: Connection, imagekitId: string): Promise<AccountRow> {
  const account = isImagekitId(imagekitId) ? await findAccount(connection, { imagekit_id: imagekitId }) : undefined;
  if (account === undefined) throw new DeliveryRefusal("ENDPOINT_NOT_FOUND");
  return account;
}
