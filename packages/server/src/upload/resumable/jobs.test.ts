import { afterEach, beforeEach, expect, test } from "vitest";
import { checkConsistency } from "../../maintenance/fsck.ts";
import { createLogger } from "../../observability/logger.ts";
import { StorageError } from "../../storage/storage-error.ts";
import { describeEngines } from "../../testing/engines.ts";
import { never, openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { finishUploadsJob } from "./jobs.ts";
import { createTestSession, sessionRow, testToken } from "./sessions/testing/test-sessions.ts";

describeEngines((engine) => {
  let fixture: UploadFixture;
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
  });
  afterEach(() => fixture.close());

  const needs = () => ({ ...fixture.services, logger: createLogger("silent") });
  const run = (services = needs()) => finishUploadsJob.run(services, { input: {} } as never, never);
  const versions = () => fixture.parts.database.reader.selectFrom("versions").select(["id", "size"]).execute();

  /** Creates a session of which all bytes have come, as a process leaves it that dies before it has stored them. */
  async function completeSession(fields: readonly (readonly [string, string])[], leaseMs = -1) {
    const { partial } = fixture.parts.blobs;
    async function* bytes() {
      yield Buffer.from("ten bytes.");
    }
    const begun = partial.begin(10);
    const burn = testToken();
    const lease = { holder: "dead", leaseMs };
    const { digest } = await createTestSession(fixture, { burn, lease, session: { bytes: begun, fields } });
    const { state } = await partial.append(begun, bytes(), never);
    const advance = { digest, holder: "dead", from: 0, bytes: state, leaseMs, now: fixture.time };
    expect(await fixture.parts.database.run("advanceSession", advance)).toBe(true);
    return digest;
  }

  test("an upload whose client and server have gone is stored once, by one of two nodes that find it", async () => {
    const digest = await completeSession([["fileName", "a.txt"]]);
    const held = await completeSession([["fileName", "b.txt"]], 60_000);
    await Promise.all([run(), run()]);
    await run();
    const [version] = await versions();
    expect(await versions()).toEqual([{ id: version?.id, size: 10 }]);
    expect(await sessionRow(fixture, digest)).toMatchObject({
      ...{ state: "stored", version_id: version?.id, bytes: null, holder: null },
    });
    expect(await sessionRow(fixture, held)).toMatchObject({ state: "open" });
    expect(await checkConsistency(fixture.parts, { deep: true }, never)).toMatchObject({ problems: [], notes: [] });
  });

  test("an upload that is refused keeps its refusal, and holds no bytes any more", async () => {
    const digest = await completeSession([
      ["fileName", "a.txt"],
      ["checks", '"file.size" > "1mb"'],
    ]);
    await run();
    const row = await sessionRow(fixture, digest);
    expect(row).toMatchObject({ state: "refused", bytes: null });
    expect(JSON.parse(row?.refusal ?? "")).toMatchObject({ status: 400 });
    expect(await versions()).toEqual([]);
  });

  test("an upload whose bytes are gone ends, so that its client begins again", async () => {
    const digest = await completeSession([["fileName", "a.txt"]]);
    for await (const entry of fixture.parts.blobs.partial.list()) await fixture.parts.blobs.partial.discard(entry);
    await run();
    expect(await sessionRow(fixture, digest)).toBeUndefined();
    const tokens = fixture.parts.database.reader.selectFrom("used_tokens").select("outcome");
    expect(await tokens.execute()).toEqual([{ outcome: "abandoned" }]);
  });

  test("an upload that can't be stored now stays as it is, and the next run stores it", async () => {
    const digest = await completeSession([["fileName", "a.txt"]]);
    const down = () => Promise.reject(new StorageError("STORAGE_FAILED", "the disk is full"));
    await run({ ...needs(), blobs: { ...fixture.parts.blobs, partial: fixture.parts.blobs.partial, put: down } });
    expect(await sessionRow(fixture, digest)).toMatchObject({ state: "open", holder: null });
    await run();
    expect(await versions()).toHaveLength(1);
  });
});
