import { expect, test } from "vitest";
import { requestPurgeTransaction } from "../delivery/purge/purge-transactions.ts";
import { recordJobProgress } from "../jobs/progress/report-progress.ts";
import { openUploadFixture } from "../testing/upload-fixture.ts";
import { newId } from "../text/id.ts";
import { runCommand } from "./testing/run-command.ts";

test("jobs that wait are listed with their kind, their account and how far they are", async () => {
  const fixture = await openUploadFixture();
  const list = (...flags: string[]) => runCommand(["jobs", "list", ...flags, "--data-dir", fixture.config.dataDir]);
  try {
    const { database } = fixture.parts;
    const { accountId } = fixture.principal;
    const [id, now] = [newId(), Date.parse("2026-01-31T12:00:00Z")];
    await database.run(requestPurgeTransaction, { id, accountId, now, of: { prefix: "/a" } });
    const { printed } = await list("--state", "waiting");
    expect(printed).toMatch(/^[0-9a-f]{24} {2}purge-files {2}demo {2}waiting {2}20\S+Z$/);
    const progress = { fraction: 0.259, message: "7 of 27 files are purged." };
    const row = { job: "purge-files", key: id, account_id: accountId, ...progress, updated_at: now };
    await database.run(recordJobProgress, { row, isFirst: true });
    expect((await list("--state", "waiting")).printed).toBe(`${printed}  25 %: 7 of 27 files are purged.`);
    expect(await list("--state", "running")).toEqual({ code: 0, printed: "", errors: "no job is running" });
    expect(await list()).toEqual({ code: 0, printed: "", errors: "no job has failed for good" });
    expect(await list("--state", "done")).toMatchObject({
      code: 2,
      errors: expect.stringContaining("--state must be"),
    });
  } finally {
    await fixture.close();
  }
});
