import { sql } from "kysely";
import { expect, test } from "vitest";
import { jobTable } from "../../../app/jobs.ts";
import type { Config } from "../../../config/config.ts";
import { maxLooked } from "../../../jobs/account-job-queries.ts";
import { createJobObserver } from "../../../jobs/job-observer.ts";
import { openQueue } from "../../../jobs/open-queue.ts";
import { createLogger } from "../../../observability/logger.ts";
import { describeEngines } from "../../../testing/engines.ts";
import { openOtherConnection } from "../../../testing/other-connection.ts";
import { openUploadFixture } from "../../../testing/upload-fixture.ts";
import { aiPictureKind } from "../pictures/models/job-kinds.ts";
import { askForRendition } from "./ask-for-rendition.ts";

/** Adds jobs of an account that has nothing to do with the test. */
async function queueJobsOfOthers(config: Config, count: number): Promise<void> {
  const others = openOtherConnection(config);
  const input = JSON.stringify({ accountId: "of others" });
  try {
    await (config.databaseUrl === undefined
      ? sql`insert into jobs (id, name, input, state, due_at, attempts, created_at)
          with recursive count (i) as (select 1 union all select i + 1 from count where i < ${count})
          select 'x' || i, ${aiPictureKind.name}, ${input}, 'waiting', 1, 0, 1 from count`
      : sql`insert into sluice_jobs.job (name, data, start_after)
          select ${aiPictureKind.name}, ${input}::jsonb, now() - interval '1 hour' from generate_series(1, ${count}::int)`
    ).execute(others);
  } finally {
    await others.destroy();
  }
}

describeEngines((engine) => {
  test("an account's pictures that wait are so many at most, and another account's come all the same", async () => {
    const fixture = await openUploadFixture(engine);
    const services = { ...fixture.services, logger: createLogger("silent") };
    // On PostgreSQL, transactions enqueue through an open queue. Nobody works on it.
    const queue = await openQueue(services, jobTable, createJobObserver(services));
    try {
      const ask = (accountId: string, key: string, maxWaiting = 3) => {
        const url = { transformation: "e-edit", thumbnail: false, signed: false, kind: "explicit" } as const;
        const job = { accountId, versionId: "v", ...url };
        return fixture.parts.database.run(askForRendition, {
          job: { kind: aiPictureKind.name, input: job },
          key,
          maxWaiting,
          now: 1,
        });
      };
      const { accountId } = fixture.principal;
      for (const key of ["1", "2", "3"]) expect(await ask(accountId, key)).toBe(true);
      expect(await ask(accountId, "one more")).toBe(false);
      expect(await ask(accountId, "2"), "what waits already").toBe(true);
      expect(await ask(fixture.stranger.accountId, "of another")).toBe(true);
      expect(await ask(fixture.stranger.accountId, "of a visitor", 1)).toBe(false);
      await queueJobsOfOthers(fixture.config, maxLooked);
      expect(await ask(fixture.stranger.accountId, "behind more jobs than are counted")).toBe(false);
      expect(await ask(accountId, "3"), "what waits already").toBe(true);
    } finally {
      await queue.close();
      await fixture.close();
    }
  });
});
