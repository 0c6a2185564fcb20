import { afterAll, beforeAll, expect, test } from "vitest";
import { setAccount } from "../accounts/account-transactions.ts";
import { countCommits } from "../database/count-commits.ts";
import { findAccount } from "../database/repositories/accounts.ts";
import { findKeyPair } from "../database/repositories/key-pairs.ts";
import { describeEngines } from "../testing/engines.ts";
import { openUploadFixture, type UploadFixture } from "../testing/upload-fixture.ts";

describeEngines((engine) => {
  let fixture: UploadFixture;
  beforeAll(async () => {
    fixture = await openUploadFixture(engine);
  });
  afterAll(() => fixture.close());

  async function counts(): Promise<{ readonly reads: number; readonly transactions: number }> {
    const text = await fixture.parts.metrics.registry.metrics();
    const of = (operation: string) =>
      Number(new RegExp(`^sluice_database_seconds_count\\{operation="${operation}"\\} (\\d+)$`, "m").exec(text)?.[1]);
    return { reads: of("read"), transactions: of("transaction") };
  }

  test("every read is timed once, prepared or not, and every transaction, whatever becomes of it", async () => {
    const { database, metrics } = fixture.parts;
    const timed = countCommits(database, metrics);
    // Asking for the metrics may read as well, but no job queue is open here.
    const before = await counts();
    await findAccount(timed.reader, { imagekit_id: "demo" });
    await findKeyPair(timed.reader, { public_key: "public_demo" });
    await timed.run(setAccount, { imagekitId: "demo", changes: { v1Uploads: true } });
    const failing = async () => {
      throw new Error("thrown on purpose");
    };
    await timed.run(failing, undefined).catch(() => undefined);
    const after = await counts();
    expect([after.reads - before.reads, after.transactions - before.transactions]).toEqual([2, 2]);
  });
});
