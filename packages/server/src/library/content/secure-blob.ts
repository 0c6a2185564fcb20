import { type Connection, Rollback } from "../../database/database.ts";
import { adoptBlob, insertBlob } from "../../database/repositories/blobs.ts";

/** The source of the content, as `chooseBlob` found it in database and store (docs/architecture.md decision 1). */
export type ChosenBlob =
  /** The new version's own copy, durable since `storedAt`. */
  | { readonly kind: "fresh"; readonly id: string; readonly storageKey: string; readonly storedAt: number }
  /** A blob of this account with the same content, whose object is whole. */
  | { readonly kind: "adopt"; readonly id: string; readonly storageKey: string }
  /**
   * A blob of this account with the same content, whose object is damaged. The new version's own copy replaces the
   * object.
   */
  | {
      readonly kind: "heal";
      readonly id: string;
      readonly storageKey: string;
      readonly freshKey: string;
      readonly storedAt: number;
    };

/** The content that a transaction will refer to, as plain data. */
export interface ContentToSecure {
  readonly blob: ChosenBlob;
  readonly sha256: Uint8Array;
  readonly size: number;
  readonly sweepGraceMs: number;
  /**
   * The system clock's time when this input was made. A process may be suspended for hours before its transaction
   * begins.
   */
  readonly madeAt: number;
}

/** The reason why a transaction could not secure its content. */
export interface UnsecuredContent {
  readonly outcome: "blob changed" | "blob too old";
}

/** Inserts or adopts the content's row in the transaction, or rolls the transaction back with an `UnsecuredContent`. */
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
