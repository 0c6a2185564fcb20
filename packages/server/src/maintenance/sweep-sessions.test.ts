import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { newBlobKey } from "../storage/blob-key.ts";
import type { PartialBlob } from "../storage/partial/partial-blobs.ts";
import { describeEngines } from "../testing/engines.ts";
import { never, openUploadFixture, type UploadFixture } from "../testing/upload-fixture.ts";
import { clearSession, refuseSession, removeSession } from "../upload/resumable/sessions/end-transactions.ts";
import { advanceSession, releaseLease } from "../upload/resumable/sessions/lease-transactions.ts";
import { createTestSession, sessionRow } from "../upload/resumable/sessions/testing/test-sessions.ts";
import { checkConsistency } from "./fsck.ts";
import { sweepBlobs } from "./sweep-blobs.ts";
import { sweepSessions, sweepUploads } from "./sweep-sessions.ts";

const expired = { lifetimeMs: -1 };
const held = { holder: "h", leaseMs: 60_000 };

describeEngines((engine) => {
  let fixture: UploadFixture;
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
  });
  afterEach(() => fixture.close());

  const run = () => sweepSessions(fixture.services, never);
  const fsck = () => checkConsistency(fixture.parts, { deep: true }, never);
  const database = () => fixture.parts.database;

  async function* bytes(text: string) {
    yield Buffer.from(text);
  }

  /** Appends the text to a new blob of ten bytes. */
  async function received(text: string): Promise<PartialBlob> {
    const { partial } = fixture.parts.blobs;
    return (await partial.append(partial.begin(10), bytes(text), never)).state;
  }

  async function pieces(): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of fixture.parts.blobs.partial.list()) keys.push(key);
    return keys.sort();
  }

  test("an expired upload goes with its bytes, and others stay, also one that is still received", async () => {
    const states = await Promise.all([received("gone"), received("under way"), received("open")]);
    const [gone, underWay, open] = states as [PartialBlob, PartialBlob, PartialBlob];
    const { digest } = await createTestSession(fixture, { session: { bytes: gone, ...expired } });
    await createTestSession(fixture, { lease: held, session: { bytes: underWay, ...expired } });
    await createTestSession(fixture, { session: { bytes: open } });
    expect(await run()).toEqual({ expiredSessions: 1, orphanedPieces: 0 });
    expect(await pieces()).toEqual([underWay.key, open.key].sort());
    expect(await sessionRow(fixture, digest)).toBeUndefined();
    expect(await fsck()).toMatchObject({ problems: [], notes: [] });
    expect(await run()).toEqual({ expiredSessions: 0, orphanedPieces: 0 });
  });

  test.each(["removed", "refused", "stored"] as const)("what a crash has left of a %s upload goes", async (end) => {
    const state = await received("abandoned");
    const session = { bytes: state, ...(end === "stored" && expired) };
    const { digest } = await createTestSession(fixture, { lease: held, session });
    const hold = { digest, holder: "h" };
    if (end === "removed") await database().run(removeSession, hold);
    if (end === "refused") await database().run(refuseSession, { ...hold, status: 400, body: {} });
    if (end === "stored") await fixture.upload("hello", {}, undefined, hold);
    await run();
    expect(await pieces()).toEqual([state.key]);
    await database().run(releaseLease, { ...hold, now: fixture.time });
    await run();
    expect(await pieces()).toEqual([]);
    const row = await sessionRow(fixture, digest);
    if (end === "refused") expect(row).toMatchObject({ state: "refused", bytes: null });
    else expect(row).toBeUndefined();
    expect(await fsck()).toMatchObject({ problems: [], notes: [], versions: end === "stored" ? 1 : 0 });
  });

  test("a sweep that breaks off is gone on with by the next one", async () => {
    const { blobs } = fixture.parts;
    const state = await received("abandoned");
    await createTestSession(fixture, { session: { bytes: state, ...expired } });
    const discard = vi.spyOn(blobs.partial, "discard").mockRejectedValue(new Error("the store is down"));
    await expect(run()).rejects.toThrow("down");
    discard.mockRestore();
    await run();
    expect(await pieces()).toEqual([]);
  });

  test("bytes that can't be discarded don't keep the sweep from the others, and are its failure", async () => {
    const { blobs } = fixture.parts;
    const kinds = ["expired", "refused", "orphaned"] as const;
    const stuck: string[] = [];
    for (const kind of kinds) {
      for (const text of ["stuck", "loose"]) {
        const state = await received(text);
        if (text === "stuck") stuck.push(state.key);
        if (kind === "orphaned") continue;
        const session = { bytes: state, ...(kind === "expired" && expired) };
        const { digest } = await createTestSession(
          fixture,
          kind === "refused" ? { lease: held, session } : { session },
        );
        if (kind === "expired") continue;
        await database().run(refuseSession, { digest, holder: "h", status: 400, body: {} });
        await database().run(releaseLease, { digest, holder: "h", now: fixture.time });
      }
    }
    const { partial } = blobs;
    const discard = vi.spyOn(partial, "discard").mockImplementation(async ({ key }) => {
      if (stuck.includes(key)) throw new Error("it can't be discarded");
      await rm(join(blobs.localFolder ?? "", "partial", key));
    });
    await expect(run()).rejects.toThrow("can't be discarded");
    expect(await pieces()).toEqual([...stuck].sort());
    discard.mockRestore();
    await run();
    expect(await pieces()).toEqual([]);
    expect(await fsck()).toMatchObject({ problems: [], notes: [] });
  });

  test("bytes without a session are a crash's remains: fsck tells of them, and the sweep takes them", async () => {
    const { key } = await received("orphaned");
    expect(await fsck()).toMatchObject({ problems: [], notes: [expect.stringContaining(key)] });
    expect(await run()).toEqual({ expiredSessions: 0, orphanedPieces: 1 });
    expect(await fsck()).toMatchObject({ problems: [], notes: [] });
  });

  test("the sweep of a bucket's unfinished uploads spares those of open sessions", async () => {
    const state = await received("hello");
    await createTestSession(fixture, { session: { bytes: state } });
    let spared: readonly string[] = [];
    const { blobs } = fixture.parts;
    const removeUnfinished = async (_before: Date, keys: ReadonlySet<string>) => {
      spared = [...keys];
      return 0;
    };
    const others = { ...blobs, partial: blobs.partial, removeUnfinished };
    await sweepUploads({ ...fixture.services, blobs: others as typeof blobs }, never);
    expect(spared).toEqual([state.key]);
  });

  test("fsck names an upload that lacks bytes which were acknowledged", async () => {
    const { blobs } = fixture.parts;
    const [state, other] = [await received("hello"), await received("good")];
    for (const bytes of [state, other]) {
      const { digest } = await createTestSession(fixture, { lease: held, session: { bytes: { ...bytes, offset: 0 } } });
      const advance = { ...held, digest, from: 0, bytes, now: fixture.time };
      expect(await database().run(advanceSession, advance)).toBe(true);
    }
    expect(await fsck()).toMatchObject({ problems: [] });
    await blobs.partial.discard(state);
    expect(await fsck()).toMatchObject({ problems: [expect.stringContaining(state.key)], notes: [] });
  });

  test("the sweep of blobs spares a completed blob whose upload is still to be stored", async () => {
    const key = newBlobKey();
    const file = fixture.parts.spool.create();
    await file.write(Buffer.from("completed!"));
    await fixture.parts.blobs.put(key, await file.finish());
    await file.discard();
    const { digest } = await createTestSession(fixture, {
      lease: held,
      session: { bytes: { key, length: 10, offset: 10 } },
    });
    const { sweepGraceMs } = fixture.config.limits;
    const config = { ...fixture.config, limits: { ...fixture.config.limits, sweepGraceMs: -sweepGraceMs } };
    const services = { ...fixture.services, config };
    expect(await fsck()).toMatchObject({ notes: [] });
    expect(await sweepBlobs(services, never)).toMatchObject({ orphanedObjects: 0 });
    await database().run(removeSession, { digest, holder: "h" });
    await database().run(clearSession, { digest });
    expect(await sweepBlobs(services, never)).toMatchObject({ orphanedObjects: 1 });
  });
});
