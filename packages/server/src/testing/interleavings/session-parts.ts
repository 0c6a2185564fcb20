import { expect } from "vitest";
import { AccountsByKey } from "../../accounts/accounts-by-key.ts";
import { newBlobKey } from "../../storage/blob-key.ts";
import { verifyToken } from "../../upload/form/authorise/upload-token.ts";
import { validate } from "../../upload/resolve/validate.ts";
import { discardSession } from "../../upload/resumable/end-session.ts";
import type { CreateSessionInput } from "../../upload/resumable/sessions/create-session.ts";
import { createSession } from "../../upload/resumable/sessions/create-session.ts";
import { expireSession, removeSession } from "../../upload/resumable/sessions/end-transactions.ts";
import { advanceAndRelease, takeLease } from "../../upload/resumable/sessions/lease-transactions.ts";
import { digestOfSession, newSessionId, type SessionBytes } from "../../upload/resumable/sessions/session.ts";
import { commit } from "../../upload/store/commit.ts";
import { never } from "../upload-fixture.ts";
import type { Control } from "./control.ts";
import type { Node, Part } from "./scenario.ts";
import { tokenParts } from "./token-parts.ts";

/** The length of a session's file. */
const length = 10;
const leaseMs = 3_600_000;

/**
 * Makes the parts that are played around one session of a resumable upload. On PostgreSQL leases and sessions go by the
 * database's clock, which no test can set. So the lease of the holder `late` has run out from the beginning.
 */
export function sessionParts() {
  const { mint, present, ask, currentToken } = tokenParts();
  let digest: Uint8Array = new Uint8Array();
  /** The bytes of the session's whole file. They are there from the beginning, so that no part waits for the disk. */
  let whole: SessionBytes | undefined;
  /** The acknowledged pieces of the session. */
  const pieces: { readonly from: number; readonly to: number }[] = [];

  function inputFor({ fixture, services }: Node, lifetimeMs: number): CreateSessionInput {
    const { accountId, key } = fixture.principal;
    const session = {
      ...{ digest: digestOfSession(newSessionId()), accountId, keyId: key.id, requestId: "r", publicUrl: "" },
      ...{ client: "192.0.2.1", arrivedAt: services.now(), length, fields: [], metadata: "", lifetimeMs },
      bytes: { key: newBlobKey(), length, offset: 0 },
    };
    return { session, perKey: 10, perAddress: 10, now: services.now() };
  }

  /** Creates the session, whose holder `late` has stood still for longer than its lease. */
  const create =
    ({ lifetimeMs = leaseMs } = {}): Part =>
    async (node) => {
      pieces.length = 0;
      const input = inputFor(node, lifetimeMs);
      digest = input.session.digest;
      const { state } = await node.services.blobs.partial.append(input.session.bytes, zeros(length), never);
      whole = state as SessionBytes;
      const lease = { holder: "late", leaseMs: -1 };
      expect(await node.services.database.run(createSession, { ...input, lease })).toMatchObject({ digest });
    };

  /** Creates a session with the token, if the token is still new. */
  const createWithToken =
    ({ lifetimeMs = leaseMs, late = false } = {}): Part =>
    async (node) => {
      const { history, services } = node;
      const accountsByKey = new AccountsByKey(services.database.reader);
      const { token } = await verifyToken(accountsByKey, currentToken(), services.now());
      const burn = { digest: token.digest, expiresAt: token.expiresAt, attempt: null };
      const input = inputFor(node, lifetimeMs);
      const lease = late ? { lease: { holder: "late", leaseMs: -1 } } : {};
      const outcome = await services.database.run(createSession, { ...input, ...lease, burn });
      if (outcome === "token used") return;
      expect(outcome).toMatchObject({ digest: input.session.digest });
      history.admissions.push(currentToken());
      digest = input.session.digest;
    };

  /** Acknowledges a piece that begins at the session's beginning. */
  const advance =
    (holder: string, to: number): Part =>
    async (node) =>
      acknowledge(node, holder, 0, to);

  async function acknowledge({ services }: Node, holder: string, from: number, to: number): Promise<void> {
    if (whole === undefined) throw new Error("no session was created");
    const input = { digest, holder, from, bytes: { ...whole, offset: to }, now: services.now() };
    if (await services.database.run(advanceAndRelease, input)) pieces.push({ from, to });
  }

  async function take({ services }: Node, holder: string) {
    const taken = await services.database.run(takeLease, { digest, holder, leaseMs, now: services.now() });
    return taken.outcome === "taken" ? taken.session : undefined;
  }

  /** Takes the session over and acknowledges one byte more than there is. */
  const takeAndAdvance =
    (holder: string): Part =>
    async (node) => {
      const session = await take(node, holder);
      if (session !== undefined) await acknowledge(node, holder, session.offset, session.offset + 1);
    };

  /** Stores the session's upload, as the last step of finishing it does. */
  const finish =
    (holder: string): Part =>
    async ({ fixture, fileNames, history, services, spooled }) => {
      const request = validate(new Map(Object.entries({ fileName: "a.txt", useUniqueFileName: "false" })));
      const media = { mime: "text/plain", kind: "other" } as const;
      const { principal } = fixture;
      const found = await tokenOfSession();
      const toCommit = { principal, request, media, spooled: spooled("H"), session: { digest, holder }, token: found };
      const asset = await commit(services, toCommit, never);
      fileNames.set(asset.file_id, "a.txt");
      history.acknowledged.push({ versionId: asset.id, fileId: asset.file_id, fileName: "a.txt", content: "H" });

      async function tokenOfSession() {
        const row = await fixture.parts.database.reader
          .selectFrom("upload_sessions")
          .select(["token_expires_at", "token_digest"])
          .where("id_digest", "=", digest)
          .executeTakeFirst();
        const { token_expires_at: expiresAt, token_digest: tokenDigest } = row ?? {};
        return expiresAt && tokenDigest ? { expires_at: expiresAt, digest: tokenDigest } : undefined;
      }
    };

  const takeAndFinish =
    (holder: string): Part =>
    async (node) => {
      if ((await take(node, holder)) !== undefined) await finish(holder)(node);
    };

  const takeAndRemove =
    (holder: string): Part =>
    async (node) => {
      if ((await take(node, holder)) === undefined) return;
      const ended = await node.services.database.run(removeSession, { digest, holder });
      if (ended !== undefined) await discardSession(node.services, ended, never);
    };

  /** Ends the session that has expired, as the sweep does. */
  const expire: Part = async ({ services }) => {
    const ended = await services.database.run(expireSession, { digest, now: services.now() });
    if (ended !== undefined) await discardSession(services, ended, never);
  };

  /** The acknowledged pieces follow each other, and the session is where they end. */
  async function piecesFollow({ connection }: Control): Promise<void> {
    const { received } = await connection
      .selectFrom("upload_sessions")
      .select("received")
      .where("id_digest", "=", digest)
      .executeTakeFirstOrThrow();
    let end = 0;
    for (const { from, to } of pieces.toSorted((one, other) => one.from - other.from)) {
      expect(from, "the beginning of an acknowledged piece").toBe(end);
      end = to;
    }
    expect(Number(received), "the session's offset").toBe(end);
  }

  /** The session is stored if one version came of it, and there never is a second one. */
  async function storedOnce({ connection }: Control): Promise<void> {
    const versions = await connection.selectFrom("versions").select("id").execute();
    const sessions = await connection.selectFrom("upload_sessions").select(["state", "version_id"]).execute();
    expect(versions.length, "versions of one session").toBeLessThan(2);
    for (const { state, version_id: id } of sessions) {
      expect({ state, id }).toEqual(
        versions[0] === undefined
          ? { state: expect.not.stringMatching("stored"), id: null }
          : { state: "stored", ...versions[0] },
      );
    }
    if (versions.length > 0) expect(sessions, "the session of a stored version").toHaveLength(1);
  }

  return {
    ...{ mint, present, ask, create, createWithToken, advance, takeAndAdvance, finish, takeAndFinish, takeAndRemove },
    ...{ expire, piecesFollow, storedOnce },
  };
}

async function* zeros(count: number): AsyncGenerator<Buffer> {
  yield Buffer.alloc(count);
}
