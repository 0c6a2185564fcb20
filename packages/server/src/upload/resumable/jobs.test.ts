import { open } from "node:fs/promises";
import { join } from "node:path";
import { SluiceError } from "@sluice/protocol";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type CompleteSession, listCompleteSessions } from "../../database/repositories/open-sessions.ts";
import { checkConsistency } from "../../maintenance/fsck.ts";
import { createLogger } from "../../observability/logger.ts";
import { StorageError } from "../../storage/storage-error.ts";
import { describeEngines } from "../../testing/engines.ts";
import { never, openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { finishUploadsJob } from "./jobs.ts";
import { advanceSession } from "./sessions/lease-transactions.ts";
import { createTestSession, sessionRow, testToken } from "./sessions/testing/test-sessions.ts";

describeEngines((engine) => {
  let fixture: UploadFixture;
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
  });
  afterEach(() => fixture.close());

  const deps = () => ({ ...fixture.services, logger: createLogger("silent") });
  const run = (services = deps()) => finishUploadsJob.run(services, { input: {} } as never, never);
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
    expect(await fixture.parts.database.run(advanceSession, advance)).toBe(true);
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

  test("a holder that hung and wakes up after its lease was taken over changes nothing of the stored file", async () => {
    const digest = await completeSession([["fileName", "a.txt"]]);
    const { key } = JSON.parse((await sessionRow(fixture, digest))?.bytes ?? "");
    const late = await open(join(String(fixture.parts.blobs.localFolder), "partial", key), "r+");
    await run();
    await late.write("too late!!", 0);
    await late.close();
    expect(await versions()).toHaveLength(1);
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
    await run({ ...deps(), blobs: { ...fixture.parts.blobs, partial: fixture.parts.blobs.partial, put: down } });
    expect(await sessionRow(fixture, digest)).toMatchObject({ state: "open", holder: null });
    await run();
    expect(await versions()).toHaveLength(1);
  });

  test("an upload that can't be scanned now is not read", async () => {
    const digest = await completeSession([["fileName", "a.txt"]]);
    const complete = vi.spyOn(fixture.parts.blobs.partial, "complete");
    const assertReady = () => Promise.reject(new SluiceError("SCANNER_UNAVAILABLE"));
    await run({ ...deps(), scanner: { ...fixture.parts.scanner, assertReady } });
    expect(complete).not.toHaveBeenCalled();
    expect(await sessionRow(fixture, digest)).toMatchObject({ state: "open", holder: null });
  });

  test("a job that is stopped stops with the upload that it is storing", async () => {
    const digest = await completeSession([["fileName", "a.txt"]]);
    const stop = new AbortController();
    const scan = (_file: unknown, signal: AbortSignal) => {
      stop.abort(new Error("stopped"));
      return Promise.reject(signal.reason);
    };
    const services = { ...deps(), scanner: { ...fixture.parts.scanner, scan } };
    await expect(finishUploadsJob.run(services, { input: {} } as never, stop.signal)).rejects.toThrow("stopped");
    expect(await sessionRow(fixture, digest)).toMatchObject({ state: "open", holder: null });
    expect(await versions()).toEqual([]);
  });

  test("uploads that can't be stored hold up none behind them", async () => {
    const digests = await Promise.all(["a", "b", "c", "d", "e"].map((name) => completeSession([["fileName", name]])));
    const { reader } = fixture.parts.database;
    const seen: string[] = [];
    let after: CompleteSession | undefined;
    do {
      const page = await listCompleteSessions(reader, { now: fixture.time, limit: 2, after });
      seen.push(...page.map(({ id_digest: digest }) => Buffer.from(digest).toString("hex")));
      after = page.at(-1);
    } while (after !== undefined);
    expect(seen.toSorted()).toEqual(digests.map((digest) => Buffer.from(digest).toString("hex")).toSorted());
  });
});
