import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openParts, type Parts } from "../app/parts.ts";
import { resolveConfig } from "../config/resolve-config.ts";
import { listAccounts } from "../database/repositories/accounts.ts";
import { describeEngines, type EnginePlace } from "../testing/engines.ts";
import { openTestDatabase } from "../testing/open-test-database.ts";
import { createAccount, prepareAccount, setAccount } from "./account-transactions.ts";
import { AccountsByKey } from "./accounts-by-key.ts";
import { authenticateBasic } from "./authenticate.ts";
import type { KeyPair } from "./key-pair.ts";
import { rotateKeyPair } from "./manage-key-pairs.ts";

describeEngines((engine) => {
  let folder: string;
  let place: EnginePlace;
  let parts: Parts;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sluice-accounts-"));
    place = await engine.prepare();
    parts = await openParts(resolveConfig({ ...place.settings, dataDir: folder }), { open: openTestDatabase });
  });
  afterEach(async () => {
    await parts.close();
    await place.drop();
    await rm(folder, { recursive: true });
  });

  function pair(name: string): KeyPair {
    return { publicKey: `public_${name}`, privateKey: `private_${name}=` };
  }

  const start = (imagekitId: string, now: number) =>
    parts.database.run(prepareAccount, { imagekitId, spare: pair(`spare_${now}`), now });

  const authenticate = (privateKey: string, now: number) =>
    authenticateBasic(
      new AccountsByKey(parts.database.reader),
      `Basic ${Buffer.from(`${privateKey}:any`).toString("base64")}`,
      now,
      ["full"],
    );

  test("the first start makes the account and a pair, a later one keeps them", async () => {
    expect(await start("demo", 1)).toEqual({ keys: pair("spare_1"), madeSpare: true });
    expect(await start("demo", 2)).toEqual({ keys: pair("spare_1"), madeSpare: false });
    expect(await authenticate("private_spare_1=", 3)).toMatchObject({ imagekitId: "demo" });
  });

  test("rotation gives the old pairs their grace and not a moment more", async () => {
    await start("demo", 1);
    const rotate = { imagekitId: "demo", pair: pair("next"), graceMs: 100, now: 10 };
    expect(await parts.database.run(rotateKeyPair, rotate)).toEqual({
      outcome: "rotated",
      ended: [{ publicKey: "public_spare_1", validUntil: 110 }],
    });
    expect(await authenticate("private_spare_1=", 109)).toBeDefined();
    await expect(authenticate("private_spare_1=", 110)).rejects.toMatchObject({ reason: "PRIVATE_KEY_EXPIRED" });
    expect(await authenticate("private_next=", 110)).toBeDefined();
    expect(await parts.database.run(rotateKeyPair, { ...rotate, imagekitId: "nobody" })).toEqual({
      outcome: "no account",
    });
  });

  test("ten nodes that start at once make one account with one pair", async () => {
    const outcomes = await Promise.all(Array.from({ length: 10 }, (_, index) => start("demo", index + 1)));
    expect(new Set(outcomes.map(({ keys }) => keys?.publicKey))).toHaveLength(1);
    expect(outcomes.filter(({ madeSpare }) => madeSpare)).toHaveLength(1);
  });

  test("of two accounts with one id made at once there is one", async () => {
    const create = (name: string) =>
      parts.database.run(createAccount, { imagekitId: "demo", pair: pair(name), now: 1 });
    expect((await Promise.all(["a", "b", "c"].map(create))).sort()).toEqual(["created", "exists", "exists"]);
  });

  test("V1 uploads are off until they are switched on, for one account", async () => {
    await start("one", 1000);
    await start("other", 2000);
    const allowed = async () => {
      const accounts = await listAccounts(parts.database.reader);
      return Object.fromEntries(accounts.map(({ imagekit_id, v1_uploads }) => [imagekit_id, v1_uploads]));
    };
    const set = (imagekitId: string, value: boolean) =>
      parts.database.run(setAccount, { imagekitId, changes: { v1Uploads: value } });
    expect(await allowed()).toEqual({ one: 0, other: 0 });
    expect([await set("one", true), await set("nobody", true)]).toEqual(["set", "no account"]);
    expect(await allowed()).toEqual({ one: 1, other: 0 });
    await set("one", false);
    expect(await allowed()).toEqual({ one: 0, other: 0 });
  });
});
