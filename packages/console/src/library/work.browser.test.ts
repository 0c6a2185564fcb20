import { afterEach, expect, test, vi } from "vitest";
import { Problem } from "../api/problem.ts";
import { dismissAll, noticeStore } from "../shell/notice-store.ts";
import { Work } from "./work.ts";

afterEach(() => {
  dismissAll();
  vi.useRealTimers();
});

const files = (count: number) => Array.from({ length: count }, (_, n) => ({ fileId: `${n}`, name: `${n}.txt` }));
const refused = (message: string) => new Problem(message, { status: 400 });
const told = () => noticeStore.current().map(({ kind, message, details }) => ({ kind, message, details }));

test("where a request for many is refused, the file at fault is named and keeps no other", async () => {
  const work = new Work();
  const done: string[] = [];
  await work.run(async () => {
    work.begin("Working", 250);
    await work.inParts(files(250), 100, async (part) => {
      if (part.some(({ name }) => name === "77.txt" || name === "249.txt")) throw refused("No.");
      done.push(...part.map(({ name }) => name));
      work.add(part.length);
    });
  });
  expect(done).toHaveLength(248);
  expect(new Set(done).size).toBe(248);
  work.report("Done");
  expect(told()).toEqual([
    { kind: "done", message: "Done", details: [] },
    { kind: "failed", message: "Failed for 2 of 250 items", details: ["77.txt: No.", "249.txt: No."] },
  ]);
});

test("work that is stopped says what was left, and touches nothing further", async () => {
  const work = new Work();
  const done: string[] = [];
  await work.run(async () => {
    work.begin("Working", 1000);
    await work.each(files(1000), 4, async ({ name }) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      done.push(name);
      work.add(1);
      // The notice with its button comes after half a second.
      if (done.length >= 8) noticeStore.current()[0]?.action?.run();
    });
  });
  expect(done.length).toBeLessThan(1000);
  work.report("Done");
  const left = 1000 - done.length;
  expect(told()).toEqual([{ kind: "done", message: "Done", details: [`Stopped. ${left} items not changed.`] }]);
});

test("work that is stopped before anything is done says what failed, and what was left", async () => {
  const work = new Work();
  await work.run(async () => {
    work.begin("Working", 300);
    await work.each(files(300), 1, async ({ name }) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      work.fail(name, refused("No."));
      noticeStore.current()[0]?.action?.run();
    });
  });
  work.report("Done");
  const details = ["Stopped. 298 items not changed.", "0.txt: No.", "1.txt: No."];
  expect(told()).toEqual([{ kind: "failed", message: "Failed for 2 of 300 items", details }]);
});

test("when the server can't be reached, nothing further is tried", async () => {
  const work = new Work();
  let requests = 0;
  await work.run(async () => {
    work.begin("Working", 500);
    await work.inParts(files(500), 100, async (part) => {
      if (++requests === 2) throw new Problem("Away.", { status: 0 });
      work.add(part.length);
    });
  });
  work.report("Done");
  expect(requests).toBe(2);
  expect(told()).toEqual([
    { kind: "done", message: "Done", details: ["Stopped. 400 items not changed."] },
    { kind: "failed", message: "Away.", details: [] },
  ]);
});

test("a busy server is asked again after the time that it names, and not for ever", async () => {
  vi.useFakeTimers();
  const begun = Date.now();
  const busy = new Problem("Busy.", { status: 429, retryAfterMs: 30_000 });
  const work = new Work();
  let answers = 0;
  const send = vi.fn(async () => {
    if (answers++ < 2) throw busy;
    return "done";
  });
  const answer = work.patiently(send);
  await vi.runAllTimersAsync();
  expect(await answer).toBe("done");
  expect(Date.now() - begun).toBe(60_000);

  answers = Number.NEGATIVE_INFINITY;
  const gaveUp = expect(work.patiently(send)).rejects.toBe(busy);
  await vi.runAllTimersAsync();
  await gaveUp;
  expect(send).toHaveBeenCalledTimes(3 + 4);
});
