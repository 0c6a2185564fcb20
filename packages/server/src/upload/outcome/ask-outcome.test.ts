import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createUploadToken, verifyUploadToken } from "@sluice/token";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AccountsByKey } from "../../accounts/accounts-by-key.ts";
import { never, openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { burnToken } from "../ledger/token-transactions.ts";
import { removeSession } from "../resumable/sessions/end-transactions.ts";
import { createTestSession } from "../resumable/sessions/testing/test-sessions.ts";
import { askOutcome } from "./ask-outcome.ts";
import { UploadsUnderWay } from "./uploads-under-way.ts";

let fixture: UploadFixture;
beforeEach(async () => {
  fixture = await openUploadFixture();
});
afterEach(() => fixture.close());

/** Burns a token as a node of an earlier version does, which knows neither outcomes nor attempts. */
function burnAsBefore(digest: Uint8Array, expiresAt: number): void {
  const database = new DatabaseSync(join(fixture.config.dataDir, "sluice.sqlite"));
  try {
    const insert = "insert into used_tokens (expires_at, digest, account_id, used_at) values (?, ?, ?, ?)";
    database.prepare(insert).run(expiresAt, digest, fixture.principal.accountId, fixture.time);
  } finally {
    database.close();
  }
}

async function mint() {
  const pair = { publicKey: "public_demo", privateKey: "private_demo" };
  const token = await createUploadToken({ fileName: "a.txt" }, { ...pair, expiresIn: 60 });
  const now = fixture.services.now() / 1000;
  return { token, ...(await verifyUploadToken(token, { now, findPrivateKey: () => pair.privateKey })) };
}

/** The services that the endpoint works with. */
function outcomeServices() {
  const { services } = fixture;
  const accountsByKey = new AccountsByKey(services.database.reader);
  return { ...services, accountsByKey, publicUrl: () => "http://localhost", uploadsUnderWay: new UploadsUnderWay() };
}

test.each([undefined, "mine"])("nobody says what an older version made of a token, attempt %s", async (attempt) => {
  const { token, digest, expiresAt } = await mint();
  burnAsBefore(digest, expiresAt);
  await expect(askOutcome(outcomeServices(), { token, attempt }, fixture.time, never)).rejects.toMatchObject({
    reason: "OUTCOME_UNKNOWN",
  });
});

test("a resumable upload is pending while its session is open, and nothing once that is removed", async () => {
  const { token, digest, expiresAt } = await mint();
  const lease = { holder: "h", leaseMs: 1000 };
  const session = await createTestSession(fixture, { burn: { digest, expiresAt, attempt: null }, lease });
  const asked = () => askOutcome(outcomeServices(), { token }, fixture.time, never);
  expect([await asked(), await asked()]).toEqual([{ outcome: "pending" }, { outcome: "pending" }]);
  await fixture.parts.database.run(removeSession, { digest: session.digest, holder: "h" });
  expect(await asked()).toEqual({ outcome: "nothing" });
});

test("whoever waits for another process to end an upload looks seldom", async () => {
  const { token, digest, expiresAt } = await mint();
  const { config, database, principal, time } = { ...fixture, ...fixture.parts };
  await database.run(burnToken, { accountId: principal.accountId, digest, expiresAt, attempt: null, now: time });
  let looks = 0;
  const reader = new Proxy(database.reader, {
    get(target, name) {
      if (name === "selectFrom") looks++;
      const member = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  const asked = {
    ...outcomeServices(),
    config: { ...config, workers: 2, limits: { ...config.limits, outcomeMs: 1000 } },
    database: { ...database, reader },
  };
  expect(await askOutcome(asked, { token }, time, never)).toEqual({ outcome: "nothing" });
  expect(looks).toBeGreaterThan(2);
  expect(looks).toBeLessThan(7);
});
