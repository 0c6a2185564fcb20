import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { resolveConfig } from "../config/resolve-config.ts";
import type { Database } from "../database/database.ts";
import { listActiveKeyPairs } from "../database/repositories/key-pairs.ts";
import { describeEngines, type EnginePlace } from "../testing/engines.ts";
import { openTestDatabase } from "../testing/open-test-database.ts";
import { createAccount, setAccount } from "./account-transactions.ts";
import { AccountsByKey } from "./accounts-by-key.ts";
import { authenticateBasic } from "./authenticate.ts";
import { revokeKeyPair, rotateKeyPair } from "./manage-key-pairs.ts";

const old = { publicKey: "public_old", privateKey: "private_old" };
const fresh = { publicKey: "public_fresh", privateKey: "private_fresh" };

describeEngines((engine) => {
  let folder: string;
  let place: EnginePlace;
  let accountsByKey: AccountsByKey;
  let database: Database;
  /** The same database, opened by another process. */
  let other: Database;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sluice-keys-"));
    place = await engine.prepare();
    const config = resolveConfig({ ...place.settings, dataDir: folder });
    database = await openTestDatabase(config);
    other = await openTestDatabase(config);
    await database.run(createAccount, { imagekitId: "demo", pair: old, now: 1 });
    accountsByKey = new AccountsByKey(database.reader);
  });
  afterEach(async () => {
    await other.close();
    await database.close();
    await place.drop();
    await rm(folder, { recursive: true });
  });

  const rotate = (graceMs: number) =>
    other.run(rotateKeyPair, { imagekitId: "demo", pair: fresh, graceMs, now: Date.now() });
  const authenticate = (now: number) =>
    authenticateBasic(accountsByKey, `Basic ${btoa(`${old.privateKey}:`)}`, now, ["full"]).then(
      (principal) => principal?.imagekitId,
      ({ reason }: { reason: string }) => reason,
    );

  test("a pair that another process ends stops at once, and the one that takes its place is good at once", async () => {
    expect(await authenticate(Date.now())).toBe("demo");
    expect(await accountsByKey.byPublicKey(fresh.publicKey)).toBeUndefined();
    await rotate(0);
    expect((await accountsByKey.byPublicKey(fresh.publicKey))?.private_key).toBe(fresh.privateKey);
    expect(await authenticate(Date.now())).toBe("PRIVATE_KEY_EXPIRED");
  });

  test("a pair that another node revokes is over here too, where the clock is behind", async () => {
    const early = Date.now() - 60_000;
    expect(await authenticate(early)).toBe("demo");
    await rotate(0);
    expect(await authenticate(early)).toBe("PRIVATE_KEY_EXPIRED");
    const pair = await accountsByKey.byPublicKey(fresh.publicKey);
    const active = await listActiveKeyPairs(database.reader, pair?.account_id ?? "", early);
    expect(active.map(({ public_key }) => public_key)).toEqual([fresh.publicKey]);
    const revocation = { account: { imagekit_id: "demo" }, revoked: { public_key: old.publicKey }, now: early };
    expect(await database.run(revokeKeyPair, revocation)).toBe("no such pair");
  });

  test("what another process changes of an account holds for the next request", async () => {
    const limits = async () => {
      const pair = await accountsByKey.byPublicKey(old.publicKey);
      return [pair?.account_storage_limit, pair?.account_v1_uploads];
    };
    const [, before] = await limits();
    const changes = { storageLimit: 1000, v1Uploads: before !== 1 };
    await other.run(setAccount, { imagekitId: "demo", changes });
    expect(await limits()).toEqual([1000, before === 1 ? 0 : 1]);
  });

  test("a pair ends when its grace does, whenever it was looked up", async () => {
    await rotate(60_000);
    const { expires_at: end } = (await accountsByKey.byPublicKey(old.publicKey)) ?? {};
    expect(await authenticate((end ?? 0) - 1)).toBe("demo");
    expect(await authenticate(end ?? 0)).toBe("PRIVATE_KEY_EXPIRED");
  });
});
