import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { closeAccount } from "../../../account-data/erase/erasure-transactions.ts";
import { setAccount } from "../../../accounts/account-transactions.ts";
import { createKeyPair, revokeKeyPair } from "../../../accounts/manage-key-pairs.ts";
import { countOpenSessions } from "../../../database/repositories/open-sessions.ts";
import { findUsedToken } from "../../../database/repositories/used-tokens.ts";
import { describeEngines } from "../../../testing/engines.ts";
import { openUploadFixture, type UploadFixture } from "../../../testing/upload-fixture.ts";
import { burnToken, pruneTokens, settleToken } from "../../ledger/token-transactions.ts";
import { clearSession, expireSession, refuseSession, removeSession } from "./end-transactions.ts";
import { advanceAndRelease, advanceSession, releaseLease, renewLease, takeLease } from "./lease-transactions.ts";
import { digestOfSession, isSessionId, newSessionId } from "./session.ts";
import { createTestSession, hourMs, runOut, sessionRow, testToken } from "./testing/test-sessions.ts";

const leaseMs = 30_000;

describeEngines((engine) => {
  let fixture: UploadFixture;
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
  });
  afterEach(() => fixture.close());

  const database = () => fixture.parts.database;
  const take = (digest: Uint8Array, holder: string, ms = leaseMs) =>
    database().run(takeLease, { digest, holder, leaseMs: ms, now: fixture.time });
  const advance = (digest: Uint8Array, holder: string, from: number, offset: number) =>
    database().run(advanceSession, { digest, holder, from, bytes: bytesAt(offset), leaseMs, now: fixture.time });
  const bytesAt = (offset: number) => ({ key: "k", length: 10, offset, part: 1 });
  const outcomeOf = async ({ digest, expiresAt }: ReturnType<typeof testToken>) =>
    (await findUsedToken(database().reader, { digest, expires_at: expiresAt }))?.outcome;

  test("nothing of a session's id is in the database but its digest", async () => {
    const id = newSessionId();
    expect(isSessionId(id)).toBe(true);
    await createTestSession(fixture, { session: { digest: digestOfSession(id) } });
    const row = await sessionRow(fixture, digestOfSession(id));
    expect(row?.id_digest).toEqual(digestOfSession(id));
    expect(JSON.stringify(row)).not.toContain(id);
  });

  test("a session is read as it was created, and as pieces have changed it", async () => {
    const burn = testToken();
    const { digest, session } = await createTestSession(fixture, { burn });
    expect(await take(digest, "h")).toMatchObject({
      outcome: "taken",
      session: {
        ...{ accountId: session.accountId, keyId: session.keyId, client: session.client, fields: session.fields },
        ...{ metadata: session.metadata, length: 10, offset: 0, bytes: session.bytes, takeovers: 0, state: "open" },
        token: { expires_at: burn.expiresAt, digest: burn.digest },
      },
    });
    expect(await advance(digest, "h", 0, 4)).toBe(true);
    const input = { digest, holder: "h", from: 4, bytes: bytesAt(7), now: fixture.time };
    expect(await database().run(advanceAndRelease, input)).toBe(true);
    expect(await take(digest, "i")).toMatchObject({ session: { offset: 7, bytes: bytesAt(7), takeovers: 0 } });
  });

  test("open sessions are counted with what they have received, complete ones apart", async () => {
    const count = () => countOpenSessions(database().reader);
    expect(await count()).toEqual({ open: 0, complete: 0, bytes: 0 });
    const lease = { holder: "h", leaseMs };
    const made = await Promise.all(Array.from({ length: 4 }, () => createTestSession(fixture, { lease })));
    for (const [at, offset] of [4, 10, 7].entries()) await advance(made[at]?.digest as Uint8Array, "h", 0, offset);
    await database().run(removeSession, { digest: made[2]?.digest as Uint8Array, holder: "h" });
    expect(await count()).toEqual({ open: 3, complete: 1, bytes: 14 });
  });

  test("pieces that come at the same time don't pass the account's storage limit together", async () => {
    const lease = { holder: "h", leaseMs };
    const made = await Promise.all(Array.from({ length: 6 }, () => createTestSession(fixture, { lease })));
    const storage = { accountId: fixture.principal.accountId, standard: 25 };
    const outcomes = await Promise.all(
      made.map(({ digest }, at) => {
        const input = { digest, holder: "h", from: 0, bytes: bytesAt(10), storage, now: fixture.time };
        return at % 2 === 0
          ? database().run(advanceAndRelease, input)
          : database().run(advanceSession, { ...input, leaseMs });
      }),
    );
    const refused = { outcome: "storage limit", limit: 25, stored: 20 };
    expect(outcomes.filter((outcome) => outcome === true)).toHaveLength(2);
    expect(outcomes.filter((outcome) => outcome !== true)).toEqual(Array(4).fill(refused));
    const rows = await Promise.all(made.map(({ digest }) => sessionRow(fixture, digest)));
    expect(rows.reduce((sum, row) => sum + Number(row?.received), 0)).toBe(20);
  });

  describe("the token", () => {
    test("is burnt with the session, and a burnt one gives no session", async () => {
      const burn = testToken();
      const made = await Promise.all(Array.from({ length: 10 }, () => createTestSession(fixture, { burn })));
      expect(made.map(({ outcome }) => outcome).sort()).toEqual(["created", ...Array(9).fill("token used")]);
      for (const { outcome, digest } of made) {
        expect((await sessionRow(fixture, digest)) !== undefined).toBe(outcome === "created");
      }
    });

    test("is presented to a form and to a session at once, and one of them has it", async () => {
      for (let round = 0; round < 5; round++) {
        const burn = testToken();
        const { accountId } = fixture.principal;
        const form = database().run(burnToken, { ...burn, accountId, now: fixture.time });
        const [isOfForm, { outcome }] = await Promise.all([form, createTestSession(fixture, { burn })]);
        expect(outcome).toBe(isOfForm ? "token used" : "created");
      }
    });

    test("is not burnt where there are too many sessions of the key or of the network", async () => {
      const burn = testToken();
      await createTestSession(fixture, { session: { lifetimeMs: -1 } });
      expect(await createTestSession(fixture, { burn: testToken(), perKey: 1 })).toMatchObject({ outcome: "created" });
      expect(await createTestSession(fixture, { burn, perKey: 1 })).toMatchObject({ outcome: "too many of key" });
      expect(await createTestSession(fixture, { burn, perAddress: 1 })).toMatchObject({
        outcome: "too many of address",
      });
      expect(await outcomeOf(burn)).toBeUndefined();
      const session = { accountId: fixture.stranger.accountId, keyId: fixture.stranger.key.id, client: "192.0.2.2" };
      expect(await createTestSession(fixture, { burn, perKey: 1, perAddress: 1, session })).toMatchObject({
        outcome: "created",
      });
    });

    test("of an open session is never abandoned by who asks for its outcome; of an ended one it is", async () => {
      const { accountId } = fixture.principal;
      const settle = (token: ReturnType<typeof testToken>) =>
        database().run(settleToken, { ...token, accountId, now: fixture.time });
      const living = testToken();
      const { digest } = await createTestSession(fixture, { burn: living });
      expect(await settle(living)).toMatchObject({ outcome: "open" });
      await take(digest, "h");
      await database().run(removeSession, { digest, holder: "h" });
      expect(await outcomeOf(living)).toBe("abandoned");
      const expired = testToken();
      await createTestSession(fixture, { burn: expired, session: { lifetimeMs: -1 } });
      expect(await settle(expired)).toMatchObject({ outcome: "abandoned" });
      const held = testToken();
      const lease = { holder: "h", leaseMs };
      await createTestSession(fixture, { burn: held, lease, session: { lifetimeMs: -1 } });
      expect(await settle(held)).toMatchObject({ outcome: "open" });
    });
  });

  test("the ledger keeps the token of an open session, however old the token is, and forgets it with the session", async () => {
    const old = { ...testToken(), expiresAt: 1_000_000 };
    const { digest } = await createTestSession(fixture, { burn: old, lease: { holder: "h", leaseMs } });
    const { accountId } = fixture.principal;
    const burn = (expiresAt: number) =>
      database().run(burnToken, { ...testToken(), expiresAt, accountId, now: fixture.time });
    await burn(1_000_001);
    await burn(2_000_000_000);
    const prune = () => database().run(pruneTokens, { now: 1_700_000_000, keepSeconds: 60, limit: 1 });
    expect([await prune(), await prune(), await outcomeOf(old)]).toEqual([1, 0, "open"]);
    await database().run(removeSession, { digest, holder: "h" });
    expect([await prune(), await prune(), await outcomeOf(old)]).toEqual([1, 0, undefined]);
  });

  describe("the lease", () => {
    test("is one request's at a time, and the holder is told that another one wants it", async () => {
      const { digest } = await createTestSession(fixture);
      const takers = await Promise.all(Array.from({ length: 10 }, (_, index) => take(digest, `h${index}`)));
      expect(takers.map(({ outcome }) => outcome).sort()).toEqual([...Array(9).fill("held"), "taken"]);
      const holder = `h${takers.findIndex(({ outcome }) => outcome === "taken")}`;
      const renew = () => database().run(renewLease, { digest, holder, leaseMs, now: fixture.time });
      expect(await renew()).toEqual({ held: true, wanted: true });
      await database().run(releaseLease, { digest, holder, now: fixture.time });
      expect(await renew()).toEqual({ held: false, wanted: false });
      expect(await take(digest, "next")).toMatchObject({ outcome: "taken", session: { takeovers: 0 } });
    });

    test("is taken over once it has run out, and the one before can do nothing any more", async () => {
      const { digest } = await createTestSession(fixture, { lease: { holder: "late", leaseMs: runOut } });
      expect(await take(digest, "next")).toMatchObject({ outcome: "taken", session: { takeovers: 1 } });
      expect(await advance(digest, "late", 0, 5)).toBe(false);
      const { held } = await database().run(renewLease, { digest, holder: "late", leaseMs, now: fixture.time });
      expect(held).toBe(false);
      await database().run(releaseLease, { digest, holder: "late", now: fixture.time });
      expect(await database().run(removeSession, { digest, holder: "late" })).toBeUndefined();
      const refusal = { digest, holder: "late", status: 400, body: {} };
      expect(await database().run(refuseSession, refusal)).toBeUndefined();
      expect(await advance(digest, "next", 0, 5)).toBe(true);
    });

    test("that has run out and that nobody took is still the holder's", async () => {
      const { digest } = await createTestSession(fixture, { lease: { holder: "late", leaseMs: runOut } });
      expect(await advance(digest, "late", 0, 5)).toBe(true);
      expect(await take(digest, "next")).toMatchObject({ outcome: "held" });
    });

    test("acknowledges bytes from the session's own offset alone", async () => {
      const { digest } = await createTestSession(fixture, { lease: { holder: "h", leaseMs } });
      expect(await advance(digest, "h", 1, 5)).toBe(false);
      expect(await advance(digest, "h", 0, 5)).toBe(true);
      expect(await advance(digest, "h", 0, 7)).toBe(false);
      expect(await sessionRow(fixture, digest)).toMatchObject({ received: 5 });
    });
  });

  describe("the end", () => {
    test("an expired session gives no lease, and is ended unless a request still holds it", async () => {
      const lease = { holder: "h", leaseMs };
      const { digest } = await createTestSession(fixture, { lease, session: { lifetimeMs: -1 } });
      const expire = () => database().run(expireSession, { digest, now: fixture.time });
      expect(await expire()).toBeUndefined();
      expect(await take(digest, "i")).toEqual({ outcome: "held" });
      expect(await advance(digest, "h", 0, 10)).toBe(true);
      await database().run(releaseLease, { digest, holder: "h", now: fixture.time });
      expect(await take(digest, "i")).toEqual({ outcome: "expired" });
      expect(await expire()).toEqual({ digest, bytes: bytesAt(10), isStored: false });
      expect(await take(digest, "i")).toEqual({ outcome: "gone" });
      await database().run(clearSession, { digest });
      expect(await sessionRow(fixture, digest)).toBeUndefined();
      expect(await take(digest, "i")).toEqual({ outcome: "gone" });
    });

    test("a refused session tells why until it expires, holds no bytes, and can be removed", async () => {
      const burn = testToken();
      const { digest, session } = await createTestSession(fixture, { burn, lease: { holder: "h", leaseMs } });
      const refusal = { status: 413, body: { message: "too large" } };
      const ended = await database().run(refuseSession, { digest, holder: "h", ...refusal });
      expect(ended).toEqual({ digest, bytes: session.bytes, isStored: false });
      expect(await outcomeOf(burn)).toBe("abandoned");
      await database().run(clearSession, { digest });
      expect(await take(digest, "i")).toMatchObject({ outcome: "ended", session: { refusal, bytes: undefined } });
      expect(await database().run(removeSession, { digest, holder: null })).toMatchObject({ bytes: undefined });
      await database().run(clearSession, { digest });
      expect(await sessionRow(fixture, digest)).toBeUndefined();
    });

    test("an open session is removed by its holder alone", async () => {
      const { digest } = await createTestSession(fixture);
      expect(await database().run(removeSession, { digest, holder: null })).toBeUndefined();
      await database().run(clearSession, { digest });
      expect(await sessionRow(fixture, digest)).toMatchObject({ state: "open" });
    });

    test("revoking the key pair ends its sessions, held or not, and gives it no new one", async () => {
      const { principal, stranger, time } = fixture;
      const pair = { publicKey: "public_other", privateKey: "private_other" };
      const rights = { role: "upload", mayOverwrite: true } as const;
      const account = { id: principal.accountId };
      const added = await database().run(createKeyPair, { account, pair, rights, now: time });
      if (added.outcome !== "created") throw new Error("no pair was made");
      const session = { keyId: added.id };
      const held = await createTestSession(fixture, { session, lease: { holder: "h", leaseMs } });
      const free = await createTestSession(fixture, { session });
      const others = await createTestSession(fixture);
      await database().run(revokeKeyPair, { account, revoked: { id: added.id }, now: time });
      expect(await advance(held.digest, "h", 0, 5)).toBe(false);
      expect(await take(free.digest, "i")).toEqual({ outcome: "gone" });
      expect(await take(others.digest, "i")).toMatchObject({ outcome: "taken" });
      const burn = testToken();
      expect(await createTestSession(fixture, { session, burn })).toMatchObject({ outcome: "key revoked" });
      await database().run(closeAccount, { imagekitId: stranger.imagekitId });
      const closed = { accountId: stranger.accountId, keyId: stranger.key.id };
      expect(await createTestSession(fixture, { session: closed, burn })).toMatchObject({
        outcome: "account disabled",
      });
      expect(await outcomeOf(burn)).toBeUndefined();
    });
  });

  describe("the commit", () => {
    const store = async (digest: Uint8Array, holder: string, content = "hello") =>
      fixture.upload(content, {}, undefined, { digest, holder });

    test("is the session's end, and happens once", async () => {
      const { digest } = await createTestSession(fixture, { lease: { holder: "h", leaseMs } });
      const { id } = await store(digest, "h");
      await expect(store(digest, "h", "again")).rejects.toMatchObject({ reason: "UPLOAD_ABANDONED" });
      expect(await take(digest, "i")).toMatchObject({
        outcome: "ended",
        session: { state: "stored", versionId: id, answer: JSON.stringify({ name: "a.txt", number: 1 }) },
      });
      expect(await database().run(expireSession, { digest, now: fixture.time + hourMs })).toBeUndefined();
      const removed = await database().run(removeSession, { digest, holder: null });
      expect(removed).toMatchObject({ isStored: true });
      expect(await database().reader.selectFrom("versions").select("id").execute()).toEqual([{ id }]);
    });

    test("of a session that was taken over, removed or refused stores nothing", async () => {
      const late = { holder: "h", leaseMs: runOut };
      const sessions = await Promise.all([1, 2, 3].map(() => createTestSession(fixture, { lease: late })));
      const [taken, removed, refused] = sessions.map(({ digest }) => digest) as [Uint8Array, Uint8Array, Uint8Array];
      await take(taken, "i");
      await database().run(removeSession, { digest: removed, holder: "h" });
      await database().run(refuseSession, { digest: refused, holder: "h", status: 400, body: {} });
      for (const digest of [taken, removed, refused]) {
        await expect(store(digest, "h")).rejects.toMatchObject({ reason: "UPLOAD_ABANDONED" });
      }
      expect(await database().reader.selectFrom("versions").select("id").execute()).toEqual([]);
      expect(await fixture.storedKeys()).toEqual([]);
    });

    test("counts what other open sessions have received, and its own bytes once", async () => {
      const { imagekitId } = fixture.principal;
      await database().run(setAccount, { imagekitId, changes: { storageLimit: 10 } });
      const lease = { holder: "h", leaseMs };
      const [own, other] = [await createTestSession(fixture, { lease }), await createTestSession(fixture, { lease })];
      await advance(own.digest, "h", 0, 5);
      await advance(other.digest, "h", 0, 6);
      const principal = { ...fixture.principal, storageLimit: 10 };
      const storeOwn = (content: string) => fixture.upload(content, {}, principal, { digest: own.digest, holder: "h" });
      await expect(storeOwn("hello")).rejects.toMatchObject({ reason: "STORAGE_LIMIT_EXCEEDED" });
      await expect(fixture.upload("hello", {}, principal)).rejects.toMatchObject({ reason: "STORAGE_LIMIT_EXCEEDED" });
      await database().run(refuseSession, { digest: other.digest, holder: "h", status: 400, body: {} });
      await storeOwn("hello");
      expect(await fixture.upload("world", { fileName: "b.txt" }, principal)).toMatchObject({ size: 5 });
    });

    test("counts nothing of a session that has expired, unless somebody holds it", async () => {
      const { imagekitId } = fixture.principal;
      await database().run(setAccount, { imagekitId, changes: { storageLimit: 10 } });
      const { digest } = await createTestSession(fixture, {
        lease: { holder: "h", leaseMs: hourMs },
        session: { lifetimeMs: -1 },
      });
      await advance(digest, "h", 0, 6);
      const principal = { ...fixture.principal, storageLimit: 10 };
      const upload = () => fixture.upload("hello", {}, principal);
      await expect(upload()).rejects.toMatchObject({ reason: "STORAGE_LIMIT_EXCEEDED" });
      await database().run(releaseLease, { digest, holder: "h", now: fixture.time });
      expect(await upload()).toMatchObject({ size: 5 });
    });

    test("of two nodes that finish one session at once, one stores", async () => {
      const { digest } = await createTestSession(fixture, { lease: { holder: "h", leaseMs } });
      const stored = await Promise.allSettled([store(digest, "h", "one"), store(digest, "h", "one")]);
      expect(stored.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    });
  });
});
