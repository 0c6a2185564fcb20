import type { Connection } from "../database.ts";
import { locking } from "../locks.ts";

export interface NewRestore {
  readonly id: string;
  readonly restoredAt: number;
  readonly issuedAfter: number;
}

export async function insertRestore(
  connection: Connection,
  { id, restoredAt, issuedAfter }: NewRestore,
): Promise<void> {
  await connection
    .insertInto("restores")
    .values({ id, restored_at: restoredAt, served_at: null, issued_after: issuedAfter })
    .execute();
}

/**
 * Notes the first start of a server on a restored library. Until then, the library from which the backup was made may
 * have gone on to accept what is issued.
 * @returns whether there was such a restore
 */
export async function serveRestored(
  connection: Connection,
  { now, issuedAfter }: { readonly now: number; readonly issuedAfter: number },
): Promise<boolean> {
  const unserved = connection.selectFrom("restores").select(["id", "issued_after"]).where("served_at", "is", null);
  const found = await locking(connection, unserved.orderBy("id")).execute();
  for (const { id, issued_after } of found) {
    await connection
      .updateTable("restores")
      .set({ served_at: now, issued_after: Math.max(issued_after, issuedAfter) })
      .where("id", "=", id)
      .execute();
  }
  return found.length > 0;
}
