import type { Connection } from "../database.ts";
import { prepared } from "../prepared.ts";

/** Returns the bytes of all the account's versions. Equal content counts each time. */
export async function storedBytes(connection: Connection, accountId: string): Promise<number> {
  const { rows } = await sumOfParts(connection, { accountId });
  return Number(rows[0]?.bytes ?? 0);
}

const sumOfParts = prepared((connection, by: { readonly accountId: string }) =>
  connection
    .selectFrom("account_storage")
    .select(({ fn }) => fn.sum<number | string | null>("bytes").as("bytes"))
    .where("account_id", "=", by.accountId),
);
