import { expect, test } from "vitest";
import { jobKinds, jobTable } from "../app/jobs.ts";
import { requestPurgeTransaction } from "../delivery/purge/purge-transactions.ts";
import { purgeFilesKind } from "../library/purges/job-kinds.ts";
import { createLogger } from "../observability/logger.ts";
import { describeEngines } from "../testing/engines.ts";
import { openUploadFixture } from "../testing/upload-fixture.ts";
import { newId } from "../text/id.ts";
import { createJobObserver } from "./job-observer.ts";
import { listJobs } from "./list-jobs.ts";
import { openQueue } from "./open-queue.ts";
import { recordJobProgress } from "./progress/report-progress.ts";
import { enqueueRecurringJobs } from "./recurring-jobs.ts";

describeEngines((engine) => {
  test("jobs that wait and run are listed with their account, and with how far they are", async () => {
    const fixture = await openUploadFixture(engine);
    const { database } = fixture.parts;
    const observer = createJobObserver({ logger: createLogger("silent"), metrics: fixture.parts.metrics });
    const queue = await openQueue(fixture.services, jobTable, observer);
    const ended = Promise.withResolvers<void>();
    try {
      const now = Date.now();
      const purges = [fixture.principal, fixture.stranger].map((of, index) => ({ id: newId(now + index), of }));
      for (const { id, of } of purges) {
        await database.run(requestPurgeTransaction, { id, accountId: of.accountId, now, of: { prefix: "/a" } });
      }
      await database.run(enqueueRecurringJobs, { jobs: [{ name: "sweep-trash", everySeconds: 3600 }] });
      const progress = { fraction: 0.5, message: "1 of 2 files are purged." };
      const key = { job: purgeFilesKind.name, key: purges[0]?.id ?? "", account_id: fixture.principal.accountId };
      await database.run(recordJobProgress, { row: { ...key, ...progress, updated_at: now }, isFirst: true });

      const list = async (state: "waiting" | "running", limit = 10) =>
        (await listJobs(database.reader, jobKinds, state, limit)).map(({ name, account, progress: told }) => [
          name,
          account,
          told,
        ]);
      const expected = [
        ["purge-files", "demo", progress],
        ["purge-files", "stranger", undefined],
        ["sweep-trash", null, undefined],
      ];
      expect((await list("waiting")).toSorted()).toEqual(expected);
      expect(await list("waiting", 2)).toHaveLength(2);
      expect(await list("running")).toEqual([]);

      await queue.start(() => ended.promise);
      // One process runs one purge at a time.
      const running = async () => (await list("running")).map(([name]) => name).toSorted();
      await expect.poll(running, { timeout: 10_000 }).toEqual(["purge-files", "sweep-trash"]);
    } finally {
      ended.resolve();
      await queue.close();
      await fixture.close();
    }
  });
});
