import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { describeEngines } from "../../testing/engines.ts";
import { never, openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { Lease } from "./lease.ts";
import { LeaseOwner } from "./lease-owner.ts";
import { Leases } from "./leases.ts";
import { refuseSession } from "./sessions/end-transactions.ts";
import { endLeases } from "./sessions/lease-transactions.ts";
import { createTestSession, hourMs, sessionRow } from "./sessions/testing/test-sessions.ts";

describeEngines((engine) => {
  let fixture: UploadFixture;
  let digest: Uint8Array;
  let told: string[];
  const owners: LeaseOwner[] = [];
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
    ({ digest } = await createTestSession(fixture));
    told = [];
  });
  afterEach(async () => {
    for (const owner of owners.splice(0)) owner.close();
    await fixture.close();
  });

  const folder = (name: string) => join(fixture.config.dataDir, name);
  const marks = async (name: string) => (await readdir(join(folder(name), "leases"))).length;

  /** The owner of the leases of a process whose data folder has this name. */
  function ownerIn(name: string): LeaseOwner {
    const tell = (_: unknown, text?: string) => void told.push(String(text));
    const logger = { info: tell, warn: tell };
    const owner = new LeaseOwner({ database: fixture.parts.database, logger, now: Date.now }, folder(name));
    owners.push(owner);
    return owner;
  }

  /** Takes the session's lease, which lasts for an hour, without waiting for another holder. */
  async function take(leaseOwner: LeaseOwner, patienceMs = 0): Promise<Lease> {
    const deps = { database: fixture.parts.database, now: Date.now, leaseOwner };
    const taken = await new Leases(deps, { leaseMs: hourMs, patienceMs, pollMs: 20 }).take(digest, never);
    if (!(taken instanceof Lease)) throw new Error("the session has ended");
    return taken;
  }
  const busy = { reason: "UPLOAD_SESSION_BUSY" };

  test("a process that starts in the data folder of a dead one takes its leases at once", async () => {
    const dead = ownerIn("a");
    await take(dead);
    const next = ownerIn("a");
    await expect(take(next)).rejects.toMatchObject(busy);
    dead.close();
    await next.endLeasesOfTheDead();
    expect(told).toEqual(["resumable uploads of an ended process may go on"]);
    // Another process may have been at the bytes, so the end copies them as after any takeover.
    expect((await take(next)).session).toMatchObject({ takeovers: 1 });
    expect(await marks("a")).toBe(1);
  });

  test("a process that lives keeps its leases, whoever starts beside it", async () => {
    const living = ownerIn("a");
    const lease = await take(living);
    const next = ownerIn("a");
    await next.endLeasesOfTheDead();
    await living.endLeasesOfTheDead();
    await expect(take(next)).rejects.toMatchObject(busy);
    await lease.advance({ key: "k", length: 10, offset: 4 }, { goesOn: false });
    expect(told).toEqual([]);
  });

  test("a node with another data folder waits until the leases run out", async () => {
    const dead = ownerIn("a");
    await take(dead);
    await take(ownerIn("b")).catch(() => undefined);
    dead.close();
    const other = ownerIn("b");
    await other.endLeasesOfTheDead();
    await expect(take(other)).rejects.toMatchObject(busy);
  });

  test("the leases of other processes of a dead one's folder stay, and those of sessions that have ended", async () => {
    const [dead, living] = [ownerIn("a"), ownerIn("a")];
    await take(dead);
    const other = await createTestSession(fixture, { lease: { holder: living.newHolder(), leaseMs: hourMs } });
    const refused = await createTestSession(fixture, { lease: { holder: dead.newHolder(), leaseMs: hourMs } });
    const row = await sessionRow(fixture, refused.digest);
    await fixture.parts.database.run(refuseSession, {
      ...{ digest: refused.digest, holder: row?.holder ?? "", status: 400, body: {} },
    });
    dead.close();
    await ownerIn("a").endLeasesOfTheDead();
    fixture.time = Date.now();
    expect(await sessionRow(fixture, digest)).toMatchObject({ is_held: 0 });
    expect(await sessionRow(fixture, other.digest)).toMatchObject({ is_held: 1 });
    expect(await sessionRow(fixture, refused.digest)).toMatchObject({ state: "refused" });
  });

  test("a process that is thought dead and lives goes on with its lease, unless somebody has taken it", async () => {
    const living = ownerIn("a");
    const lease = await take(living);
    // What a copy of the folder would do, which has the mark and not its lock.
    const [owner = ""] = lease.holder.split("-");
    expect(await fixture.parts.database.run(endLeases, { owners: [owner], now: Date.now() })).toBe(1);
    await lease.advance({ key: "k", length: 10, offset: 4 }, { goesOn: true });
    await expect(take(ownerIn("b"))).rejects.toMatchObject(busy);
    await fixture.parts.database.run(endLeases, { owners: [owner], now: Date.now() });
    const second = await take(ownerIn("b"));
    await expect(lease.advance({ key: "k", length: 10, offset: 6 }, { goesOn: true })).rejects.toMatchObject({
      reason: "UPLOAD_TAKEN_OVER",
    });
    expect(second.session).toMatchObject({ offset: 4, takeovers: 1 });
  });

  test("leases are taken all the same where the folder can't be written, and that is said once", async () => {
    await writeFile(folder("file"), "");
    const owner = ownerIn("file");
    await take(owner);
    expect(owner.newHolder()).not.toBe(owner.newHolder());
    expect(told).toEqual([expect.stringContaining("can't be marked")]);
    await owner.endLeasesOfTheDead();
    expect(told).toHaveLength(2);
  });
});
