import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createAccount, keepFormerDefaults, setAccount } from "../../accounts/account-transactions.ts";
import { AccountsByKey } from "../../accounts/accounts-by-key.ts";
import { authenticateBasic } from "../../accounts/authenticate.ts";
import { readSwitches } from "../../accounts/delivery-switches.ts";
import type { KeyPair } from "../../accounts/key-pair.ts";
import { rotateKeyPair } from "../../accounts/manage-key-pairs.ts";
import { resolveConfig } from "../../config/resolve-config.ts";
import type { Database } from "../../database/database.ts";
import { listAccounts } from "../../database/repositories/accounts.ts";
import { listWebhooks } from "../../database/repositories/webhooks.ts";
import { describeEngines, type EnginePlace } from "../../testing/engines.ts";
import { openTestDatabase } from "../../testing/open-test-database.ts";
import { openOtherConnection } from "../../testing/other-connection.ts";
import { applyConfiguration } from "./apply-configuration.ts";
import { configureAccount } from "./configure-account.ts";

const hour = 60 * 60 * 1000;
const day = 24 * hour;
const config = resolveConfig({});

describeEngines((engine) => {
  let folder: string;
  let place: EnginePlace;
  let database: Database;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sluice-configure-"));
    place = await engine.prepare();
    database = await openTestDatabase(resolveConfig({ ...place.settings, dataDir: folder }));
  });
  afterEach(async () => {
    await database.close();
    await place.drop();
    await rm(folder, { recursive: true });
  });

  function pair(name: string): KeyPair {
    return { publicKey: `public_${name}`, privateKey: `private_${name}=` };
  }

  /** Does what a server's start does when its configuration names this pair, or none. */
  const start = (now: number, named?: string, imagekitId = "demo") =>
    database.run(configureAccount, {
      imagekitId,
      ...(named !== undefined && { pair: pair(named) }),
      spare: pair(`spare_${now}`),
      webhook: {},
      spareSecret: "whsec_spare",
      now,
    });

  const rotate = (now: number, graceMs: number, next: string) =>
    database.run(rotateKeyPair, { imagekitId: "demo", pair: pair(next), graceMs, now });

  /** Makes all accounts what they were in an earlier version, which stored no switches with a new one. */
  async function forgetSwitches(): Promise<void> {
    const other = openOtherConnection(resolveConfig({ ...place.settings, dataDir: folder }));
    await other.updateTable("accounts").set({ delivery_switches: null }).execute();
    await other.destroy();
  }

  /** The account whose key it is at that time, or the reason for the refusal. */
  const authenticate = (name: string, now: number) =>
    authenticateBasic(new AccountsByKey(database.reader), `Basic ${btoa(`private_${name}=:`)}`, now, ["full"]).then(
      (principal) => principal?.imagekitId,
      ({ reason }: { reason: string }) => reason,
    );

  test("a replaced pair is good for an hour and not a moment more, beside the one in its place", async () => {
    await start(1, "one");
    expect(await start(1000, "two")).toMatchObject({
      keys: pair("two"),
      madeSpare: false,
      renewed: false,
      ended: [{ publicKey: "public_one", validUntil: 1000 + hour }],
    });
    expect(await authenticate("two", 1000)).toBe("demo");
    expect(await authenticate("one", 1000 + hour - 1)).toBe("demo");
    expect(await authenticate("one", 1000 + hour)).toBe("PRIVATE_KEY_EXPIRED");
    expect(await authenticate("two", 1000 + day)).toBe("demo");
  });

  test("a pair that is named no more ends in an hour, and the account gets another", async () => {
    await start(1, "one");
    expect(await start(1000)).toMatchObject({
      keys: pair("spare_1000"),
      madeSpare: true,
      ended: [{ publicKey: "public_one", validUntil: 1000 + hour }],
    });
    expect(await authenticate("one", 1000 + hour - 1)).toBe("demo");
    expect(await authenticate("one", 1000 + hour)).toBe("PRIVATE_KEY_EXPIRED");
  });

  test("where the account has a pair of its own, that one goes on, and no other is made", async () => {
    await start(1);
    await start(2, "one");
    expect(await start(3)).toMatchObject({ keys: pair("spare_1"), madeSpare: false });
  });

  test("further starts don't prolong the hour", async () => {
    await start(1, "one");
    await start(1000, "two");
    expect(await start(1000 + hour / 2, "two")).toMatchObject({ ended: [] });
    expect(await start(1000 + hour / 2)).toMatchObject({ ended: [{ publicKey: "public_two" }] });
    expect(await authenticate("one", 1000 + hour)).toBe("PRIVATE_KEY_EXPIRED");
  });

  test("pairs that were rotated keep their grace, longer or shorter than an hour", async () => {
    await start(1, "one");
    await rotate(1000, day, "rotated");
    await start(2000, "two");
    await rotate(3000, 60_000, "last");
    expect(await start(4000)).toMatchObject({ keys: pair("last"), ended: [] });
    expect(await authenticate("two", 62_999)).toBe("demo");
    expect(await authenticate("two", 63_000)).toBe("PRIVATE_KEY_EXPIRED");
    expect(await authenticate("one", 62_999)).toBe("demo");
  });

  test("a pair that had an end is in force again when it is named, and the start can tell", async () => {
    await start(1, "one");
    await start(2, "two");
    expect(await start(3, "one")).toMatchObject({ renewed: true, ended: [{ publicKey: "public_two" }] });
    expect(await authenticate("one", 3 + day)).toBe("demo");
    expect(await authenticate("two", 3 + hour)).toBe("PRIVATE_KEY_EXPIRED");
    expect(await start(4, "one")).toMatchObject({ renewed: false, ended: [] });
  });

  test("a pair that contradicts a known one is refused, and nothing changes", async () => {
    await start(1, "one");
    const refused = async (keys: KeyPair, imagekitId = "demo") => {
      const input = { imagekitId, pair: keys, spare: pair("spare"), webhook: { url: "https://a.example" } };
      return database.run(configureAccount, { ...input, spareSecret: "whsec_spare", now: 2 });
    };
    const mixed = { publicKey: "public_one", privateKey: "private_other=" };
    expect(await refused(mixed)).toEqual({ problem: "the public key belongs to another pair" });
    const swapped = { publicKey: "public_new", privateKey: "private_one=" };
    expect(await refused(swapped)).toEqual({ problem: "the private key belongs to another pair" });
    expect(await refused(pair("one"), "other")).toEqual({ problem: "the public key belongs to another pair" });
    expect(await authenticate("one", 2 + day)).toBe("demo");
    expect(await database.reader.selectFrom("webhook_endpoints").selectAll().execute()).toEqual([]);
    expect(await database.reader.selectFrom("accounts").select("imagekit_id").execute()).toEqual([
      { imagekit_id: "demo" },
    ]);
  });

  test("of ten nodes that name ten pairs at once, one pair has no end", async () => {
    await Promise.all(Array.from({ length: 10 }, (_, index) => start(index + 1, `configured_${index}`)));
    const query = database.reader.selectFrom("key_pairs").select("id").where("origin", "=", "configured");
    expect(await query.where("expires_at", "is", null).execute()).toHaveLength(1);
    expect(await query.execute()).toHaveLength(10);
  });

  test("ten nodes that start at once without a pair make one account with one pair", async () => {
    const outcomes = await Promise.all(Array.from({ length: 10 }, (_, index) => start(index + 1)));
    expect(new Set(outcomes.map((outcome) => "keys" in outcome && outcome.keys.publicKey))).toHaveLength(1);
    expect(outcomes.filter((outcome) => "madeSpare" in outcome && outcome.madeSpare)).toHaveLength(1);
  });

  test("what ends by the configuration is logged, once, with the public key and the time", async () => {
    const log: { level: number; publicKey: string; validUntil?: string; msg: string }[] = [];
    const logger = pino({}, { write: (line: string) => void log.push(JSON.parse(line)) });
    const apply = (keyPair: KeyPair | undefined) =>
      applyConfiguration(database, { ...config, keyPair, webhook: {} }, logger);
    await apply(pair("one"));
    expect(log).toEqual([]);
    await apply(pair("two"));
    await apply(pair("two"));
    expect(log.splice(0)).toMatchObject([
      { level: 40, publicKey: "public_one", msg: expect.stringContaining("names another key pair") },
    ]);
    expect(await apply(undefined)).toMatchObject({ keysAreNew: true });
    const [withdrawn] = log.splice(0);
    expect(withdrawn).toMatchObject({
      level: 40,
      publicKey: "public_two",
      msg: expect.stringContaining("no key pair"),
    });
    expect(Math.abs(Date.parse(withdrawn?.validUntil ?? "") - Date.now() - hour)).toBeLessThan(60_000);
    await apply(pair("one"));
    expect(log).toMatchObject([{ publicKey: "public_one", msg: expect.stringContaining("in force again") }]);
  });

  test("accounts of an earlier version keep its thumbnails, which is told once; new ones have them signed", async () => {
    const apply = () =>
      applyConfiguration(database, { ...config, keyPair: undefined, webhook: {} }, pino({ level: "silent" }));
    const thumbnails = async () =>
      (await listAccounts(database.reader)).map(({ imagekit_id: name, delivery_switches: stored }) => [
        name,
        readSwitches(stored).privateThumbnails,
      ]);
    for (const [imagekitId, now] of [
      ["old", 1],
      ["set", 2],
    ] as const) {
      await database.run(createAccount, { imagekitId, pair: pair(imagekitId), now });
    }
    await forgetSwitches();
    await database.run(setAccount, { imagekitId: "set", changes: { delivery: { privateThumbnails: "signed" } } });
    expect((await apply()).formerAccounts).toEqual(["old"]);
    expect(await thumbnails()).toEqual([
      ["old", "unsigned"],
      ["set", "signed"],
      ["demo", "signed"],
    ]);
    expect((await apply()).formerAccounts).toEqual([]);
  });

  test("of ten nodes that start at once, one tells what accounts of an earlier version keep", async () => {
    await start(1);
    await forgetSwitches();
    const { id } = await database.reader.selectFrom("accounts").select("id").executeTakeFirstOrThrow();
    const told = await Promise.all(Array.from({ length: 10 }, () => database.run(keepFormerDefaults, { id })));
    expect(told.filter(Boolean)).toHaveLength(1);
  });

  test("the configured endpoint lives as long as the configuration names it", async () => {
    const endpoints = async () => {
      const { id } = await database.reader.selectFrom("accounts").select("id").executeTakeFirstOrThrow();
      return (await listWebhooks(database.reader, id)).map(({ url, secret }) => ({ url, secret }));
    };
    const apply = (webhook: { url?: string; secret?: string }) =>
      applyConfiguration(database, { ...config, keyPair: undefined, webhook }, pino({ level: "silent" }));
    const { newWebhookSecret = "" } = await apply({ url: "https://a.example/" });
    expect(await endpoints()).toEqual([{ url: "https://a.example/", secret: newWebhookSecret }]);
    expect(await apply({ url: "https://b.example/" })).toMatchObject({ newWebhookSecret: undefined });
    expect(await endpoints()).toEqual([{ url: "https://b.example/", secret: newWebhookSecret }]);
    await apply({});
    expect(await endpoints()).toEqual([]);
  });
});
