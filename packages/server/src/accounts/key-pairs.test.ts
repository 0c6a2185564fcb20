import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { resolveConfig } from "../config/resolve-config.ts";
import { openDatabase } from "../open-database.ts";
import { describeEngines, type EnginePlace } from "../testing/engines.ts";
import type { SluiceDatabase } from "../transactions.ts";
import { authenticateBasic } from "./authenticate.ts";
import { KeyPairs } from "./key-pairs.ts";

const old = { publicKey: "public_old", privateKey: "private_old" };
const fresh = { publicKey: "public_fresh", privateKey: "private_fresh" };

describeEngines((engine) => {
  let folder: string;
  let place: EnginePlace;
  let keyPairs: KeyPairs;
  let database: SluiceDatabase;
  /** Another process's. */
  let other: SluiceDatabase;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sluice-keys-"));
    place = await engine.prepare();
    const config = resolveConfig({ ...place.settings, dataDir: folder });
    database = await openDatabase(config);
    other = await openDatabase(config);
    await database.run("createAccount", { imagekitId: "demo", pair: old, now: 1 });
    keyPairs = new KeyPairs(database.reader);
  });
  afterEach(async () => {
    await other.close();
    await database.close();
    await place.drop();
    await rm(folder, { recursive: true });
  });

  const rotate = (graceMs: number) =>
    other.run("rotateKeyPair", { imagekitId: "demo", pair: fresh, graceMs, now: Date.now() });
  const authenticate = (now: number) =>
    authenticateBasic(keyPairs, `Basic ${btoa(`${old.privateKey}:`)}`, now).then(
      ({ imagekitId } = { accountId: "", imagekitId: "nobody" }) => imagekitId,
      ({ reason }: { reason: string }) => reason,
    );

  test("a pair that another process ends stops within 5 s, and the one that takes its place is good at once", async () => {
    expect(await authenticate(Date.now())).toBe("demo");
    expect(await keyPairs.byPublicKey(fresh.publicKey)).toBeUndefined();
    await rotate(0);
    expect((await keyPairs.byPublicKey(fresh.publicKey))?.private_key).toBe(fresh.privateKey);
    await expect.poll(() => authenticate(Date.now())).toBe("PRIVATE_KEY_EXPIRED");
  });

  test("a pair ends when its grace does, remembered or not", async () => {
    await rotate(60_000);
    const { expires_at: end } = (await keyPairs.byPublicKey(old.publicKey)) ?? {};
    expect(await authenticate((end ?? 0) - 1)).toBe("demo");
    expect(await authenticate(end ?? 0)).toBe("PRIVATE_KEY_EXPIRED");
  });
});
