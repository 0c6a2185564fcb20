import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { requestPurgeTransaction } from "../delivery/purge/purge-transactions.ts";
import { recurringJobs } from "../jobs/job-list.ts";
import { enqueueRecurringJobs } from "../jobs/recurring-jobs.ts";
import { removeFileTransaction } from "../library/files/edit-files.ts";
import { createLogger } from "../observability/logger.ts";
import { describeEngines } from "../testing/engines.ts";
import { openUploadFixture, type UploadFixture } from "../testing/upload-fixture.ts";
import { jobs as allJobs, type JobDeps } from "./jobs.ts";
import { type Jobs, openJobs } from "./open-jobs.ts";

describeEngines((engine) => {
  let fixture: UploadFixture;
  let opened: Jobs[];
  beforeEach(async () => {
    opened = [];
    fixture = await openUploadFixture(engine);
  });
  afterEach(async () => {
    for (const jobs of opened) await jobs.close();
    await fixture.close();
  });

  async function openNode(): Promise<Jobs> {
    const jobs = await openJobs({ ...fixture.services, now: Date.now, logger: createLogger("silent") });
    opened.push(jobs);
    return jobs;
  }

  const metrics = () => fixture.parts.metrics.registry.metrics();

  test("the queue is told of a job once its transaction is committed, until it is closed", async () => {
    const { parts, principal } = fixture;
    const node = await openNode();
    const wake = vi.spyOn(node.queue, "wake");
    const purge = (id: string, of: { readonly prefix: string } | { readonly fileId: undefined }) =>
      parts.database.run(requestPurgeTransaction, { id, accountId: principal.accountId, now: 1, of });
    await purge("one", { fileId: undefined });
    expect(wake).not.toHaveBeenCalled();
    await purge("many", { prefix: "/a/" });
    expect(wake.mock.calls).toEqual([["purge-files"]]);
    await openNode();
    await opened.shift()?.close();
    await purge("more", { prefix: "/a/" });
    expect(wake).toHaveBeenCalledTimes(1);
  });

  test("a node that starts sweeps what is due, and the next finds it done", async () => {
    const { config, parts, principal } = fixture;
    fixture.time = Date.now() - 2 * config.limits.sweepGraceMs;
    const { file_id: fileId } = await fixture.upload("long gone");
    await parts.database.run(removeFileTransaction, { accountId: principal.accountId, fileId });
    const first = await openNode();
    await first.start();
    await expect.poll(() => fixture.storedKeys()).toEqual([]);
    await expect.poll(metrics).toContain('sluice_jobs_total{kind="sweep-blobs",outcome="done"} 1');
    await expect.poll(metrics).toContain('sluice_jobs_total{kind="expire-tokens",outcome="done"} 1');
    const busy = async (node: Jobs) =>
      (await node.queue.depths()).filter(({ waiting, active }) => waiting + active > 0);
    await expect.poll(() => busy(first)).toEqual([]);

    const later = await openNode();
    await later.start();
    expect(
      await parts.database.run(enqueueRecurringJobs, {
        jobs: recurringJobs(allJobs, { ...fixture.services } as unknown as JobDeps),
      }),
    ).toBe(false);
    expect(await busy(later)).toEqual([]);
    expect(await metrics()).toContain('sluice_jobs{kind="sweep-blobs",state="waiting"} 0');
  });
});
