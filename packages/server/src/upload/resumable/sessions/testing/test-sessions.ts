import { randomBytes } from "node:crypto";
import { findSession, type SessionSeen } from "../../../../database/repositories/upload-sessions.ts";
import { newBlobKey } from "../../../../storage/blob-key.ts";
import type { UploadFixture } from "../../../../testing/upload-fixture.ts";
import type { CreateSessionInput, CreateSessionRefusal, NewSession } from "../create-session.ts";
import { createSession } from "../create-session.ts";
import { digestOfSession, newSessionId } from "../session.ts";

export const hourMs = 3_600_000;
/** The length of a lease that has run out when it begins, as that of a process which stood still. */
export const runOut = -1;

export interface TestSession {
  readonly outcome: "created" | CreateSessionRefusal;
  readonly digest: Uint8Array;
  readonly session: NewSession;
}

/** Creates a session of the fixture's first account for a file of ten bytes. */
export async function createTestSession(
  { parts, principal, time }: UploadFixture,
  changes: Partial<Omit<CreateSessionInput, "session">> & { readonly session?: Partial<NewSession> } = {},
): Promise<TestSession> {
  const digest = digestOfSession(newSessionId());
  const session: NewSession = {
    digest,
    accountId: principal.accountId,
    keyId: principal.key.id,
    requestId: "request",
    publicUrl: "http://localhost",
    client: "192.0.2.1",
    arrivedAt: time,
    length: 10,
    bytes: { key: newBlobKey(), length: 10, offset: 0 },
    fields: [["fileName", "a.txt"]],
    metadata: "fileName YS50eHQ=",
    lifetimeMs: hourMs,
    ...changes.session,
  };
  const input = { perKey: 100, perAddress: 100, now: time, ...changes, session };
  const result = await parts.database.run(createSession, input);
  return { outcome: typeof result === "object" ? "created" : result, digest, session };
}

/** A token as the ledger sees it. */
export function testToken() {
  return { digest: Uint8Array.from(randomBytes(32)), expiresAt: 4_000_000_000, attempt: null };
}

export async function sessionRow({ parts, time }: UploadFixture, digest: Uint8Array): Promise<SessionSeen | undefined> {
  return findSession(parts.database.reader, { digest, now: time });
}
