import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { ShareWork } from "./share-work.ts";

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
