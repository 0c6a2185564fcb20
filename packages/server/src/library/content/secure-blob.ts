import { type Connection, Rollback } from "../../database/database.ts";
import { adoptBlob, insertBlob } from "../../database/repositories/blobs.ts";

/** Where the content is to come from, as the look at the store found it (docs/architecture.md decision 1). */
export type BlobSource =
  /** A copy of our own, durable since `storedAt`. */
  | { readonly kind: "fresh"; readonly id: string; readonly storageKey: string; readonly storedAt: number }
  /** A blob of this account with the same content, whose object is there. */
  | { readonly kind: "adopt"; readonly id: string; readonly storageKey: string }
  /** One whose object is damaged: our copy takes its place. */
  | {
      readonly kind: "heal";
      readonly id: string;
      readonly storageKey: string;
      readonly freshKey: string;
      readonly storedAt: number;
    };

/** Content that a transaction is to name: plain data. */
export interface ContentToSecure {
  readonly blob: BlobSource;
  readonly sha256: Uint8Array;
  readonly size: number;
  readonly sweepGraceMs: number;
  /** By the system's clock when the input was made: a process may stand still for hours before its transaction begins. */
  readonly madeAt: number;
}

/** Why a transaction could not make content its own. */
export interface UnsecuredContent {
  readonly outcome: "blob changed" | "blob too old";
}

/** Makes the content's row the transaction's, or rolls it back with an `UnsecuredContent`. */
export async function secureBlob(
  connection: Connection,
  accountId: string,
  { blob, sha256, size, sweepGraceMs, madeAt }: ContentToSecure,
  now: number,
): Promise<void> {
  // The sweep may already be looking at an object that has waited this long for its row.
  const waited = Date.now() - madeAt;
  if (blob.kind !== "adopt" && now + waited - blob.storedAt > sweepGraceMs / 2) {
    throw new Rollback({ outcome: "blob too old" } satisfies UnsecuredContent);
  }
  const secured =
    blob.kind === "fresh"
      ? await insertBlob(connection, {
          id: blob.id,
          account_id: accountId,
          storage_key: blob.storageKey,
          sha256,
          size,
          created_at: now,
          touched_at: now,
        })
      : await adoptBlob(connection, blob, blob.kind === "heal" ? { now, storageKey: blob.freshKey } : { now });
  if (!secured) throw new Rollback({ outcome: "blob changed" } satisfies UnsecuredContent);
}
