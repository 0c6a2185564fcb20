import fc from "fast-check";
import { expect, test } from "vitest";
import { shareRuns } from "./share-runs.ts";

/** Makes runs that end when the test says so. */
function controlledTask() {
  const ends: PromiseWithResolvers<void>[] = [];
  const task = () => {
    const end = Promise.withResolvers<void>();
    ends.push(end);
    return end.promise;
  };
  return { ends, task };
}

test("those who arrive during a run share the next one", async () => {
  const { ends, task } = controlledTask();
  const run = shareRuns(task);
  const first = run();
  let latecomersDone = false;
  const latecomers = Promise.all([run(), run(), run()]).then(() => {
    latecomersDone = true;
  });
  ends[0]?.resolve();
  await first;
  await expect.poll(() => ends.length).toBe(2);
  expect(latecomersDone).toBe(false);
  ends[1]?.resolve();
  await latecomers;
  await Promise.all([run(), Promise.resolve().then(() => ends[2]?.resolve())]);
  expect(ends).toHaveLength(3);
});

test("a failed run fails for those who waited for it and for nobody else", async () => {
  const { ends, task } = controlledTask();
  const run = shareRuns(task);
  const first = run();
  const second = run();
  ends[0]?.reject(new Error("the disk"));
  await expect(first).rejects.toThrow("the disk");
  await expect.poll(() => ends.length).toBe(2);
  ends[1]?.resolve();
  await second;
});

test("every caller is served by a run that began after the call, one run at a time", async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 20 }), async (scheduler, callers) => {
      let begun = 0;
      let finished = 0;
      let active = 0;
      const run = shareRuns(async () => {
        begun += 1;
        active += 1;
        expect(active).toBe(1);
        const mine = begun;
        await scheduler.schedule(Promise.resolve(), "run");
        active -= 1;
        finished = mine;
      });
      const calls = Array.from({ length: callers }, async () => {
        await scheduler.schedule(Promise.resolve(), "call");
        const begunBefore = begun;
        await run();
        expect(finished).toBeGreaterThan(begunBefore);
      });
      await scheduler.waitFor(Promise.all(calls));
      expect(begun).toBeLessThanOrEqual(callers);
    }),
  );
});
