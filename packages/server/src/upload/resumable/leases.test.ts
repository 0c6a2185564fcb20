import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DatabaseError } from "../../database/database.ts";
import { describeEngines } from "../../testing/engines.ts";
import { never, openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { Lease, type LeaseTimes } from "./lease.ts";
import { Leases } from "./leases.ts";
import { renewLease, takeLease } from "./sessions/lease-transactions.ts";
import { createTestSession, sessionRow } from "./sessions/testing/test-sessions.ts";

const quick = { leaseMs: 2000, renewMs: 50, marginMs: 500, patienceMs: 4000, pollMs: 20 };

describeEngines((engine) => {
  let fixture: UploadFixture;
  let digest: Uint8Array;
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
    ({ digest } = await createTestSession(fixture));
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await fixture.close();
  });

  /** The leases of a process. */
  const process = (times: Partial<LeaseTimes> = {}) =>
    new Leases(
      { database: fixture.parts.database, now: Date.now, leaseOwner: fixture.parts.leaseOwner },
      { ...quick, ...times },
    );
  async function take(leases: Leases, signal = never): Promise<Lease> {
    const taken = await leases.take(digest, signal);
    if (!(taken instanceof Lease)) throw new Error("the session has ended");
    return taken;
  }
  const bytesAt = (offset: number) => ({ key: "k", length: 10, offset });

  test.each(["the same process", "another process"])(
    "a request of %s waits, and has the holder let go",
    async (where) => {
      const own = process();
      const first = await take(own);
      const reasons: string[] = [];
      first.onWanted(({ reason }) => {
        reasons.push(reason);
        void first.advance(bytesAt(4), { goesOn: false });
      });
      const second = await take(where === "the same process" ? own : process());
      expect(reasons).toEqual(["UPLOAD_TAKEN_OVER"]);
      expect(second.session.offset).toBe(4);
      await second.release();
      expect(await sessionRow(fixture, digest)).toMatchObject({ holder: null, takeovers: 0 });
    },
  );

  test("a request that waits for too long is told that the session is busy", async () => {
    const own = process({ patienceMs: 100 });
    const first = await take(own);
    await expect(own.take(digest, never)).rejects.toMatchObject({ reason: "UPLOAD_SESSION_BUSY" });
    await expect(process({ patienceMs: 100 }).take(digest, never)).rejects.toMatchObject({
      reason: "UPLOAD_SESSION_BUSY",
    });
    await first.release();
    await (await take(own)).release();
  });

  test("of many requests that come at once a few wait, and the others are told that the session is busy", async () => {
    const own = process();
    const first = await take(own);
    const outcomes = Array.from({ length: 40 }, () =>
      own.take(digest, never).then(
        (taken) => (taken instanceof Lease ? taken.release() : undefined),
        ({ reason }) => reason,
      ),
    );
    await first.release();
    const refused = (await Promise.all(outcomes)).filter((reason) => reason !== undefined);
    expect(refused).toEqual(Array(24).fill("UPLOAD_SESSION_BUSY"));
    await (await take(own)).release();
  });

  test("a client that leaves waits no longer", async () => {
    const own = process();
    const first = await take(own);
    await expect(own.take(digest, AbortSignal.timeout(50))).rejects.toMatchObject({ name: "TimeoutError" });
    await expect(process().take(digest, AbortSignal.timeout(50))).rejects.toThrow();
    await first.release();
  });

  test("a lease lasts for as long as its holder works", async () => {
    const first = await take(process({ leaseMs: 600, marginMs: 100 }));
    await sleep(1000);
    expect(first.lost.aborted).toBe(false);
    await first.advance(bytesAt(10), { goesOn: true });
    await first.release();
    expect(await sessionRow(fixture, digest)).toMatchObject({ received: 10, takeovers: 0 });
  });

  test("a holder that can't renew its lease stops before it ends, and another takes over", async () => {
    const { database } = fixture.parts;
    const run = database.run.bind(database);
    const spy = vi.spyOn(database, "run").mockImplementation(async (script, input) => {
      if (script.name === renewLease.name) throw new DatabaseError("down");
      return run(script, input);
    });
    const startedAt = performance.now();
    const first = await take(process({ leaseMs: 1000, marginMs: 600 }));
    await new Promise((resolve) => first.lost.addEventListener("abort", resolve));
    expect(performance.now() - startedAt).toBeLessThan(900);
    spy.mockRestore();
    const second = await take(process());
    await expect(first.advance(bytesAt(4), { goesOn: false })).rejects.toMatchObject({ reason: "UPLOAD_TAKEN_OVER" });
    expect(second.session).toMatchObject({ offset: 0, takeovers: 1 });
    await first.release();
    await second.advance(bytesAt(6), { goesOn: false });
    expect(await sessionRow(fixture, digest)).toMatchObject({ received: 6, holder: null });
  });

  test("a lease whose answer comes late is reckoned from when it was asked for", async () => {
    const { database } = fixture.parts;
    const run = database.run.bind(database);
    vi.spyOn(database, "run").mockImplementation(async (script, input) => {
      if (script.name === renewLease.name) throw new DatabaseError("down");
      const result = await run(script, input);
      if (script.name === takeLease.name) await sleep(700);
      return result;
    });
    const startedAt = performance.now();
    const first = await take(process({ leaseMs: 1000, marginMs: 600 }));
    const takenAt = performance.now();
    await new Promise((resolve) => first.lost.addEventListener("abort", resolve));
    expect(takenAt - startedAt).toBeGreaterThan(600);
    expect(performance.now() - takenAt).toBeLessThan(350);
    await first.release();
  });

  test("an interruption reaches those who hold a lease and those who take one later", async () => {
    const own = process();
    const heard: string[] = [];
    const first = await take(own);
    first.onWanted(({ reason }) => heard.push(reason));
    const { interrupted } = await import("./receive-piece.ts");
    own.interrupt(interrupted("It ends."));
    await first.release();
    const second = await take(own);
    second.onWanted(({ reason }) => heard.push(reason));
    await second.release();
    expect(heard).toEqual(["PIECE_INTERRUPTED", "PIECE_INTERRUPTED"]);
    await own.idle(1000);
  });
});
