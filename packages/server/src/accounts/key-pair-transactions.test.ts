import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { configureAccount } from "../app/configuration/configure-account.ts";
import { findAccount } from "../database/repositories/accounts.ts";
import { findKeyPair, listActiveKeyPairs } from "../database/repositories/key-pairs.ts";
import { describeEngines } from "../testing/engines.ts";
import { openOtherConnection } from "../testing/other-connection.ts";
import { openUploadFixture, type UploadFixture } from "../testing/upload-fixture.ts";
import type { Principal } from "./authenticate.ts";
import type { KeyRights } from "./key-roles.ts";
import {
  createKeyPair,
  maxKeyPairs,
  recordKeyUses,
  replaceKeyPair,
  revokeKeyPair,
  rotateKeyPair,
} from "./manage-key-pairs.ts";

const demo = { imagekit_id: "demo" };
const pairNamed = (name: string) => ({ publicKey: `public_${name}`, privateKey: `private_${name}` });
const uploadOnly: KeyRights = { role: "upload", mayOverwrite: false };

describeEngines((engine) => {
  let fixture: UploadFixture;
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
  });
  afterEach(() => fixture.close());

  const create = (name: string, rights: KeyRights, account: { imagekit_id: string } = demo) =>
    fixture.parts.database.run(createKeyPair, { account, pair: pairNamed(name), rights, now: fixture.time });
  const revoke = (name: string, account: { imagekit_id: string } = demo) =>
    fixture.parts.database.run(revokeKeyPair, {
      account,
      revoked: { public_key: `public_${name}` },
      now: fixture.time,
    });
  const rowOf = (name: string) => findKeyPair(fixture.parts.database.reader, { public_key: `public_${name}` });

  async function principalWith(name: string, rights: KeyRights): Promise<Principal> {
    const created = await create(name, rights);
    if (created.outcome !== "created") throw new Error(created.outcome);
    return { ...fixture.principal, key: { id: created.id, role: rights.role, mayOverwrite: rights.mayOverwrite } };
  }

  async function active(): Promise<string[]> {
    const { reader } = fixture.parts.database;
    const account = await findAccount(reader, demo);
    const pairs = await listActiveKeyPairs(reader, account?.id ?? "", fixture.time + 1);
    return pairs.map(({ public_key, role }) => `${public_key} ${role}`).sort();
  }

  test("a pair keeps the rights that it was made with", async () => {
    await create("uploads", uploadOnly);
    await create("overwrites", { role: "upload", mayOverwrite: true });
    await create("reads", { role: "read", mayOverwrite: false });
    const rights = async (name: string) => {
      const row = await rowOf(name);
      return [row?.role, row?.may_overwrite];
    };
    expect(await Promise.all(["uploads", "overwrites", "reads", "demo"].map(rights))).toEqual([
      ["upload", 0],
      ["upload", 1],
      ["read", 0],
      ["full", 1],
    ]);
    expect(await create("nobodys", uploadOnly, { imagekit_id: "nobody" })).toEqual({ outcome: "no account" });
  });

  test("an account has no more pairs at a time than the limit", async () => {
    const names = Array.from({ length: maxKeyPairs }, (_, index) => `many_${index}`);
    const outcomes = await Promise.all(names.map(async (name) => (await create(name, uploadOnly)).outcome));
    expect(outcomes.filter((outcome) => outcome === "too many")).toHaveLength(1);
    expect(await active()).toHaveLength(maxKeyPairs);
  });

  test("a rotation with a grace is held to the limit, and one without takes an ended pair's place", async () => {
    const names = Array.from({ length: maxKeyPairs - 1 }, (_, index) => `many_${index}`);
    for (const name of names) await create(name, uploadOnly);
    const replace = (replaced: string, name: string, graceMs: number) =>
      fixture.parts.database.run(replaceKeyPair, {
        account: demo,
        replaced: { public_key: `public_${replaced}` },
        pair: pairNamed(name),
        graceMs,
        now: fixture.time,
      });
    const rotate = (graceMs: number) =>
      fixture.parts.database.run(rotateKeyPair, {
        imagekitId: "demo",
        pair: pairNamed("rotated"),
        graceMs,
        now: fixture.time,
      });
    expect(await replace("many_0", "next", 60_000)).toEqual({ outcome: "too many" });
    expect(await rotate(60_000)).toEqual({ outcome: "too many" });
    expect(await replace("many_0", "next", 0)).toMatchObject({ outcome: "replaced" });
    expect(await rotate(0)).toMatchObject({ outcome: "rotated" });
    expect(await active()).toHaveLength(maxKeyPairs);
  });

  test("a rotation ends the pairs that may do everything, and the restricted ones as well where it is told to", async () => {
    await create("reads", { role: "read", mayOverwrite: false });
    const rotate = (name: string, all: boolean) =>
      fixture.parts.database.run(rotateKeyPair, {
        imagekitId: "demo",
        pair: pairNamed(name),
        graceMs: 0,
        now: fixture.time,
        all,
      });
    await rotate("second", false);
    expect(await active()).toEqual(["public_reads read", "public_second full"]);
    await rotate("third", true);
    expect(await active()).toEqual(["public_third full"]);
  });

  test("the days of uses are written in the order in which rotations lock the pairs", async () => {
    if (!fixture.parts.database.reader.engine.rowLocks) return;
    await create("second", { role: "full", mayOverwrite: true });
    const ids = await Promise.all(["demo", "second"].map(async (name) => (await rowOf(name))?.id ?? ""));
    const [least = "", greatest = ""] = ids.toSorted();
    const other = openOtherConnection(fixture.config);
    try {
      let written: Promise<unknown> | undefined;
      await other.transaction().execute(async (holding) => {
        const lock = (id: string) => holding.selectFrom("key_pairs").select("id").where("id", "=", id).forUpdate();
        await lock(least).execute();
        written = fixture.parts.database.run(recordKeyUses, { ids: [greatest, least], day: "2026-03-01" });
        await sleep(200);
        expect(await lock(greatest).skipLocked().execute()).toEqual([{ id: greatest }]);
      });
      await written;
      expect(await rowOf("second")).toMatchObject({ last_used_on: "2026-03-01" });
    } finally {
      await other.destroy();
    }
  });

  test("a pair is replaced by one with the same rights, and the others stay", async () => {
    await create("uploads", uploadOnly);
    const replace = (key: string, account = demo) =>
      fixture.parts.database.run(replaceKeyPair, {
        account,
        replaced: { public_key: key },
        pair: pairNamed("next"),
        graceMs: 60_000,
        now: fixture.time,
      });
    expect(await replace("public_uploads", { imagekit_id: "stranger" })).toEqual({ outcome: "no such pair" });
    expect(await replace("public_uploads")).toMatchObject({ outcome: "replaced" });
    expect(await active()).toEqual(["public_demo full", "public_next upload", "public_uploads upload"]);
    expect(await rowOf("next")).toMatchObject({ may_overwrite: 0, expires_at: null });
    expect(await rowOf("uploads")).toMatchObject({ expires_at: fixture.time + 60_000, revoked_at: null });
    expect(await replace("public_uploads")).toEqual({ outcome: "ending" });
  });

  test("a pair is revoked at once, but never the last one, a configured one, or another account's", async () => {
    await create("reads", { role: "read", mayOverwrite: false });
    expect(await revoke("reads", { imagekit_id: "stranger" })).toBe("no such pair");
    expect(await revoke("reads")).toBe("revoked");
    expect(await revoke("reads")).toBe("no such pair");
    expect(await revoke("demo")).toBe("last");
    await create("second", { role: "full", mayOverwrite: true });
    expect(await revoke("demo")).toBe("revoked");
    const configured = { imagekitId: "demo", pair: pairNamed("configured"), spare: pairNamed("spare") };
    const rest = { webhook: {}, spareSecret: "whsec_spare", now: fixture.time };
    await fixture.parts.database.run(configureAccount, { ...configured, ...rest });
    expect(await revoke("configured")).toBe("configured");
  });

  test("a restricted pair can't be configured as the account's own", async () => {
    await create("reads", { role: "read", mayOverwrite: false });
    const outcome = await fixture.parts.database.run(configureAccount, {
      imagekitId: "demo",
      pair: pairNamed("reads"),
      spare: pairNamed("spare"),
      webhook: {},
      spareSecret: "whsec_spare",
      now: fixture.time,
    });
    expect(outcome).toEqual({ problem: "the pair is restricted by its role" });
  });

  test("an upload whose pair is revoked before it is committed leaves nothing behind", async () => {
    const principal = await principalWith("uploads", uploadOnly);
    await revoke("uploads");
    const refused = fixture.upload("content", { folder: "/a" }, principal);
    await expect(refused).rejects.toMatchObject({ reason: "PRIVATE_KEY_EXPIRED" });
    expect(await fixture.storedKeys()).toEqual([]);
    const folders = await fixture.parts.database.reader.selectFrom("folders").select("path").execute();
    expect(folders.map(({ path }) => path)).toEqual(["/", "/"]);
  });

  test("an upload that began in time is stored although its pair's grace is over by then", async () => {
    const rotation = { imagekitId: "demo", pair: pairNamed("next"), graceMs: 1, now: fixture.time };
    await fixture.parts.database.run(rotateKeyPair, rotation);
    fixture.time += 1000;
    expect((await fixture.upload("content")).number).toBe(1);
  });

  test("once a revocation is answered, no upload with the pair is stored any more", async () => {
    const principal = await principalWith("uploads", uploadOnly);
    const uploads = Array.from({ length: 30 }, async (_, index) => {
      await fixture.upload(`content ${index}`, { fileName: `${index}.txt` }, principal).catch(() => undefined);
    });
    await revoke("uploads");
    const count = async () => (await fixture.parts.database.reader.selectFrom("files").select("id").execute()).length;
    const answered = await count();
    await Promise.all(uploads);
    expect(await count()).toBe(answered);
  });

  test("a pair that may not overwrite adds new files alone", async () => {
    const principal = await principalWith("uploads", uploadOnly);
    await fixture.upload("first", { folder: "/a" });
    const refused = fixture.upload("second", { folder: "/a", overwriteTags: "false" }, principal);
    await expect(refused).rejects.toMatchObject({ reason: "KEY_MAY_NOT_OVERWRITE" });
    const kept = fixture.upload("second", { folder: "/a", overwriteFile: "false" }, principal);
    await expect(kept).rejects.toMatchObject({ reason: "FILE_ALREADY_EXISTS" });
    expect(await fixture.storedKeys()).toHaveLength(1);
    expect((await fixture.upload("second", { folder: "/a", useUniqueFileName: "true" }, principal)).number).toBe(1);
    expect((await fixture.upload("second", { folder: "/b" }, principal)).number).toBe(1);
    const overwriting = await principalWith("overwrites", { role: "upload", mayOverwrite: true });
    expect((await fixture.upload("third", { folder: "/a" }, overwriting)).number).toBe(2);
  });

  test.each([
    ["private", { isPrivateFile: "true" }, { is_private_file: 1, is_published: 1 }],
    ["draft", { isPublished: "false" }, { is_private_file: 0, is_published: 0 }],
    ["public", {}, { is_private_file: 0, is_published: 1 }],
  ] as const)("a pair that may only upload leaves a file as %s as it is", async (kind, fields, visibility) => {
    const overwriting = await principalWith("overwrites", { role: "upload", mayOverwrite: true });
    const fileName = `${kind}.txt`;
    await fixture.upload("first", { fileName, ...fields });
    const [named = "isPrivateFile"] = Object.keys(fields);
    expect(await fixture.upload("second", { fileName }, overwriting)).toMatchObject({ number: 2, ...visibility });
    expect(await fixture.upload("third", { fileName, ...fields }, overwriting)).toMatchObject({
      number: 3,
      ...visibility,
    });
    const others = {
      isPrivateFile: kind === "private" ? "false" : "true",
      isPublished: kind === "draft" ? "true" : "false",
    };
    for (const [parameter, value] of Object.entries(others)) {
      const refused = fixture.upload("changed", { fileName, [parameter]: value }, overwriting);
      await expect(refused).rejects.toMatchObject({
        reason: "KEY_MAY_NOT_CHANGE_VISIBILITY",
        help: expect.stringContaining(`another value of ${parameter} than /${fileName}`),
      });
    }
    const keys = await fixture.storedKeys();
    expect(keys).toHaveLength(3);
    const opened = await fixture.upload("fourth", { fileName });
    expect(opened, `${named} goes back to its default for a pair that may do everything`).toMatchObject({
      number: 4,
      is_private_file: 0,
      is_published: 1,
    });
  });

  test("of many that may not overwrite and take one name at once, one is stored", async () => {
    const principal = await principalWith("uploads", uploadOnly);
    const uploads = Array.from({ length: 20 }, (_, index) => fixture.upload(`content ${index}`, {}, principal));
    const results = await Promise.allSettled(uploads);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const reasons = results.flatMap((result) => (result.status === "rejected" ? [result.reason.reason] : []));
    expect(new Set(reasons)).toEqual(new Set(["KEY_MAY_NOT_OVERWRITE"]));
  });
});
