import { createHash, randomBytes } from "node:crypto";
import type { UploadSessionRow } from "../../../database/repositories/upload-sessions.ts";
import type { TokenKey } from "../../../database/repositories/used-tokens.ts";
import type { PartialBlob } from "../../../storage/partial/partial-blobs.ts";

/** The place of the received bytes. */
export type SessionBytes = PartialBlob;

/** The answer of an upload that was refused after its session had been created. */
export interface Refusal {
  readonly status: number;
  readonly body: unknown;
}

/** A resumable upload as the database has it. Times are Unix milliseconds. */
export interface UploadSession {
  /** SHA-256 of the session's id. */
  readonly digest: Uint8Array;
  readonly accountId: string;
  /** The id of the key pair that let the upload in. */
  readonly keyId: string;
  /** The token that was burnt; undefined if the private key was sent. */
  readonly token: TokenKey | undefined;
  readonly requestId: string;
  /** The address under which clients reached the server that created the session. */
  readonly publicUrl: string;
  /** The client's network when the session was created. */
  readonly client: string;
  readonly arrivedAt: number;
  readonly expiresAt: number;
  /**
   * The size of the whole file. While it is not known, it is one more than the bytes that may come, so that what has come
   * is never taken for the whole.
   */
  readonly length: number;
  /** The bytes that were acknowledged. */
  readonly offset: number;
  /** Undefined once the session holds no bytes. */
  readonly bytes: SessionBytes | undefined;
  /** The upload's parameters in their order. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** `Upload-Metadata` as the client sent it. */
  readonly metadata: string;
  /** The number of leases that ran out and were taken over. After one, a second writer may have been at the bytes. */
  readonly takeovers: number;
  readonly state: UploadSessionRow["state"];
  readonly versionId: string | undefined;
  /** A stored upload's answer, as far as `upload/answer/kept-answer.ts` keeps it. */
  readonly answer: string | undefined;
  readonly refusal: Refusal | undefined;
}

/** Whether the client has still to tell the size of the whole file. */
export function isLengthDeferred({ bytes }: Pick<UploadSession, "bytes">): boolean {
  return bytes?.isOpen === true;
}

export function sessionOf(row: UploadSessionRow): UploadSession {
  return {
    digest: row.id_digest,
    accountId: row.account_id,
    keyId: row.key_id,
    token: tokenOf(row),
    requestId: row.request_id,
    publicUrl: row.public_url,
    client: row.client,
    arrivedAt: row.arrived_at,
    expiresAt: row.expires_at,
    length: row.length,
    offset: row.received,
    bytes: bytesOf(row),
    fields: JSON.parse(row.fields) as UploadSession["fields"],
    metadata: row.metadata,
    takeovers: row.takeovers,
    state: row.state,
    versionId: row.version_id ?? undefined,
    answer: row.answer ?? undefined,
    refusal: row.refusal === null ? undefined : (JSON.parse(row.refusal) as Refusal),
  };
}

/** An ended session, as far as its bytes are still to be settled. */
export interface EndedSession {
  readonly digest: Uint8Array;
  /** The place of the bytes; undefined if the session holds none. */
  readonly bytes: SessionBytes | undefined;
  /** Whether a version may have the bytes. Then only what lies beside its blob may be discarded. */
  readonly isStored: boolean;
}

export function endedSessionOf(row: Pick<UploadSessionRow, "id_digest" | "bytes" | "version_id">): EndedSession {
  return { digest: row.id_digest, bytes: bytesOf(row), isStored: row.version_id !== null };
}

/** The token's key in the ledger; undefined if the private key was sent. */
export function tokenOf({
  token_expires_at: expiresAt,
  token_digest: digest,
}: Pick<UploadSessionRow, "token_expires_at" | "token_digest">): TokenKey | undefined {
  return expiresAt === null || digest === null ? undefined : { expires_at: expiresAt, digest };
}

function bytesOf({ bytes }: Pick<UploadSessionRow, "bytes">): SessionBytes | undefined {
  return bytes === null ? undefined : (JSON.parse(bytes) as SessionBytes);
}

/** A new session's id. Whoever knows it may go on with the upload, so it is stored nowhere and written into no log. */
export function newSessionId(): string {
  return randomBytes(32).toString("base64url");
}

export function isSessionId(text: string): boolean {
  return /^[\w-]{43}$/.test(text);
}

/** The SHA-256 of the id's text, by which the database knows the session. */
export function digestOfSession(id: string): Uint8Array {
  return Uint8Array.from(createHash("sha256").update(id, "ascii").digest());
}

/** The digest as the key of a map. */
export function keyOfDigest(digest: Uint8Array): string {
  return Buffer.from(digest.buffer, digest.byteOffset, digest.byteLength).toString("latin1");
}
