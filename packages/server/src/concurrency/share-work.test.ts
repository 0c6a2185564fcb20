import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ShareWork, shareRuns } from "./share-work.ts";

const forever = new AbortController().signal;

test("callers at the same time share one run, later ones and other keys don't", async () => {
  const share = new ShareWork<number>();
  const gate = Promise.withResolvers<void>();
  let runs = 0;
  const work = async () => {
    runs += 1;
    await gate.promise;
    return runs;
  };
  const together = [share.run("a", work, forever), share.run("a", work, forever)];
  const other = share.run("b", work, forever);
  gate.resolve();
  expect(await Promise.all(together)).toEqual([2, 2]);
  expect(await other).toBe(2);
  expect(await share.run("a", work, forever)).toBe(3);
});

test("a failure is everybody's, and is tried again by the next", async () => {
  const share = new ShareWork<number>();
  const fail = () => Promise.reject(new Error("failed"));
  const outcomes = await Promise.allSettled([share.run("a", fail, forever), share.run("a", fail, forever)]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await share.run("a", async () => 1, forever)).toBe(1);
});

test("one caller may leave, and the last one who does ends the work", async () => {
  const share = new ShareWork<number>();
  let stopped: AbortSignal | undefined;
  const work = (signal: AbortSignal) => {
    stopped = signal;
    return new Promise<number>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  };
  const [first, second] = [new AbortController(), new AbortController()];
  const outcomes = [share.run("a", work, first.signal), share.run("a", work, second.signal)];
  first.abort(new Error("left"));
  await expect(outcomes[0]).rejects.toThrow("left");
  expect(stopped?.aborted).toBe(false);
  second.abort(new Error("left as well"));
  await expect(outcomes[1]).rejects.toThrow("left as well");
  await setImmediate();
  expect(stopped?.aborted).toBe(true);
  expect(await share.run("a", async () => 1, forever)).toBe(1);
  await expect(share.run("a", work, AbortSignal.abort(new Error("gone")))).rejects.toThrow("gone");
});

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
