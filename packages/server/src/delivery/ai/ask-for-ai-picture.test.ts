import { expect, test } from "vitest";
import { jobTable } from "../../app/jobs.ts";
import { createJobObserver } from "../../jobs/job-observer.ts";
import { openQueue } from "../../jobs/open-queue.ts";
import { createLogger } from "../../observability/logger.ts";
import { describeEngines } from "../../testing/engines.ts";
import { openUploadFixture } from "../../testing/upload-fixture.ts";

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
        return fixture.parts.database.run("askForAiPicture", { job, key, maxWaiting });
      };
      const { accountId } = fixture.principal;
      for (const key of ["1", "2", "3"]) expect(await ask(accountId, key)).toBe(true);
      expect(await ask(accountId, "one more")).toBe(false);
      expect(await ask(accountId, "2"), "what waits already").toBe(true);
      expect(await ask(fixture.stranger.accountId, "of another")).toBe(true);
      expect(await ask(fixture.stranger.accountId, "of a visitor", 1)).toBe(false);
    } finally {
      await queue.close();
      await fixture.close();
    }
  });
});
