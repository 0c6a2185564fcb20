import { setImmediate, setTimeout } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, describe, expect, test, vi } from "vitest";
import { ask, fakeClock, pass } from "./testing/simulated-works.ts";
import type { TaskSlot } from "./timed-queue.ts";
import { TimedQueue } from "./timed-queue.ts";
import { cheapMs } from "./work-costs.ts";

const busy = { name: "NoSlotError" };

function queueOf(slots: number, queueLimit: number, extraSlots = 0, waitMs?: number): TimedQueue {
  return new TimedQueue({ slots, extraSlots, queueLimit, ...(waitMs !== undefined && { waitMs }) });
}

const x = { account: "a", client: "x" };

test("no more tasks run at once than there are slots, and those of one client in their order", async () => {
  const queue = queueOf(2, 10);
  const order: number[] = [];
  let running = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      queue.run(
        async () => {
          order.push(index);
          running += 1;
          most = Math.max(most, running);
          await setImmediate();
          running -= 1;
        },
        { party: x },
      ),
    ),
  );
  expect(most).toBe(2);
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test("a task on top of the limit is refused at once, and there is room again later", async () => {
  const queue = queueOf(1, 1);
  const gate = Promise.withResolvers<string>();
  const first = queue.run(() => gate.promise, { party: x });
  expect(queue.hasRoomFor({ party: x })).toBe(true);
  const second = queue.run(async () => "second", { party: x });
  expect(queue.hasRoomFor({ party: x })).toBe(false);
  await expect(queue.run(async () => "third", { party: x })).rejects.toMatchObject({ ...busy, reason: "full" });
  gate.resolve("first");
  expect(await Promise.all([first, second])).toEqual(["first", "second"]);
  expect(queue.hasRoomFor({ party: x })).toBe(true);
  expect(await queue.run(async () => "fourth", { party: x })).toBe("fourth");
});

test("a newcomer takes the place of a client that waits for more time", async () => {
  const queue = queueOf(1, 2);
  const gate = Promise.withResolvers<string>();
  const first = queue.run(() => gate.promise, { party: x });
  const flood = [1, 2].map(() =>
    queue.run(async () => "flood", { party: x, estimateMs: 900 }).catch(({ reason }) => reason),
  );
  const newcomer = { party: { account: "a", client: "y" }, estimateMs: 50 };
  expect(queue.hasRoomFor(newcomer)).toBe(true);
  const other = queue.run(async () => "other", newcomer);
  gate.resolve("first");
  expect(await Promise.all([first, ...flood, other])).toEqual(["first", "flood", "full", "other"]);
});

test("a task whose turn doesn't come in time is refused, and gives up its turn", async () => {
  const queue = queueOf(1, 1, 0, 20);
  const gate = Promise.withResolvers<string>();
  const first = queue.run(() => gate.promise, { party: x });
  await expect(queue.run(async () => "second", { party: x })).rejects.toMatchObject({ ...busy, reason: "late" });
  const third = queue.run(async () => "third", { party: x });
  gate.resolve("first");
  expect(await Promise.all([first, third])).toEqual(["first", "third"]);
});

test("a task that is abandoned while it waits never runs", async () => {
  const queue = queueOf(1, 1);
  const gate = Promise.withResolvers<string>();
  const first = queue.run(() => gate.promise);
  const controller = new AbortController();
  let ran = false;
  const second = queue.run(
    async () => {
      ran = true;
    },
    { signal: controller.signal },
  );
  controller.abort(new Error("left"));
  await expect(second).rejects.toThrow("left");
  const third = queue.run(async () => "third");
  gate.resolve("first");
  expect(await Promise.all([first, third])).toEqual(["first", "third"]);
  expect(ran).toBe(false);
});

test("a slot that is handed to a task in the moment in which it is abandoned goes to the next", async () => {
  for (let ticks = 0; ticks < 10; ticks += 1) {
    const queue = queueOf(1, 2);
    const gate = Promise.withResolvers<string>();
    const first = queue.run(() => gate.promise);
    const controller = new AbortController();
    const second = queue.run(async () => "second", { signal: controller.signal }).catch(() => "left");
    const third = queue.run(async () => "third");
    gate.resolve("first");
    for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
    controller.abort(new Error("left"));
    expect(await Promise.all([first, third])).toEqual(["first", "third"]);
    expect(["second", "left"]).toContain(await second);
    expect(await queue.run(async () => "fourth")).toBe("fourth");
  }
});

test("those who left while nothing moved are forgotten", async () => {
  const queue = queueOf(1, 1);
  const gate = Promise.withResolvers<string>();
  const first = queue.run(() => gate.promise);
  const left = await leaveQueue(queue);
  for (let round = 0; round < 50 && left.deref() !== undefined; round += 1) {
    await setTimeout(10);
    collectGarbage();
  }
  expect(left.deref()).toBeUndefined();
  gate.resolve("first");
  expect(await first).toBe("first");
});

/** @returns the object that is held by a task that never runs */
async function leaveQueue(queue: TimedQueue): Promise<WeakRef<object>> {
  const held = {};
  const controller = new AbortController();
  const waiting = queue.run(async () => held, { signal: controller.signal });
  controller.abort(new Error("left"));
  await waiting.catch(() => undefined);
  return new WeakRef(held);
}

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

test("a task that is abandoned while it runs answers at once but keeps its slot until it ends", async () => {
  const queue = queueOf(1, 0);
  const gate = Promise.withResolvers<void>();
  const controller = new AbortController();
  let slot: TaskSlot | undefined;
  const first = queue.run(
    async (given) => {
      slot = given;
      await gate.promise;
      throw new Error("late");
    },
    { signal: controller.signal },
  );
  await setImmediate();
  controller.abort(new Error("left"));
  await expect(first).rejects.toThrow("left");
  expect(slot?.signal.aborted).toBe(true);
  await expect(queue.run(async () => "second")).rejects.toMatchObject(busy);
  gate.resolve();
  await setImmediate();
  expect(await queue.run(async () => "third")).toBe("third");
});

test.each([
  ["rejects", () => Promise.reject(new Error("broken"))],
  [
    "throws",
    () => {
      throw new Error("broken");
    },
  ],
])("a task that %s frees its slot", async (_, task) => {
  const queue = queueOf(1, 0);
  await expect(queue.run(task)).rejects.toThrow("broken");
  expect(await queue.run(async () => "next")).toBe("next");
});

test("an aborted signal is refused without a slot", async () => {
  const queue = queueOf(1, 0);
  const signal = AbortSignal.abort(new Error("left"));
  await expect(queue.run(async () => 1, { signal })).rejects.toThrow("left");
  expect(await queue.run(async () => 2)).toBe(2);
});

test("closing refuses what waits and comes, and waits for what runs", async () => {
  const queue = queueOf(1, 1);
  const gate = Promise.withResolvers<void>();
  let ended = false;
  const first = queue.run(async () => {
    await gate.promise;
    ended = true;
  });
  const second = queue.run(async () => "second");
  await setImmediate();
  let closed = false;
  const closing = queue.close().then(() => {
    closed = true;
  });
  await expect(first).rejects.toMatchObject({ ...busy, reason: "closed" });
  await expect(second).rejects.toMatchObject(busy);
  await expect(queue.run(async () => "third")).rejects.toMatchObject(busy);
  await setImmediate();
  expect({ ended, closed }).toEqual({ ended: false, closed: false });
  gate.resolve();
  await closing;
  expect(ended).toBe(true);
});

describe("on a clock that stands still", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Runs a task that takes so long, and costs as much processor time as it says. */
  async function runFor(queue: TimedQueue, ms: number, chargedMs: number | undefined, asked = {}): Promise<void> {
    const run = queue.run(
      async ({ charge }) => {
        await new Promise((resolve) => void globalThis.setTimeout(resolve, ms));
        if (chargedMs !== undefined) charge(chargedMs);
      },
      { party: x, ...asked },
    );
    await pass(ms);
    await run;
  }

  test("a task that waits, or gets no processor, is not expensive for that", async () => {
    fakeClock();
    const queue = queueOf(1, 10, 1);
    let isRestarted = false;
    void queue.run(
      async ({ signal, meter, charge }) => {
        signal.addEventListener("abort", () => {
          isRestarted = true;
        });
        meter(() => performance.now() / 40);
        await new Promise((resolve) => void globalThis.setTimeout(resolve, 5000));
        charge(125);
      },
      { party: x, key: "k", restartable: true },
    );
    // It takes long all the same, so cheap tasks get the extra slot after a second.
    const second = ask(queue, { client: "y", costMs: 4000, restartable: false });
    const third = ask(queue, { client: "z", costMs: 50 });
    await pass(5000);
    expect(second.waitedMs).toBeGreaterThanOrEqual(1000);
    expect(second.waitedMs).toBeLessThanOrEqual(1050);
    expect(third.waitedMs).toBe(5000);
    expect(isRestarted).toBe(false);
    await pass(1000);
    ask(queue, { client: "u", costMs: 5000, estimateMs: 5000 });
    const again = ask(queue, { client: "v", costMs: 10, key: "k" });
    await pass(1000);
    expect(again.waitedMs).toBe(0);
  });

  test("a task is expensive once it has used much processor time, however long that takes", async () => {
    fakeClock();
    const queue = queueOf(1, 10, 1);
    const stoppedAt: number[] = [];
    const crawl = async ({ signal, meter }: TaskSlot) => {
      meter(() => performance.now() / 10);
      signal.addEventListener("abort", () => stoppedAt.push(performance.now()));
      await new Promise((resolve) => void globalThis.setTimeout(resolve, 20_000));
      signal.throwIfAborted();
    };
    const works = ["x1", "x2"].map((client) =>
      queue.run(crawl, { party: { account: "a", client }, restartable: true }),
    );
    await pass(1500);
    ask(queue, { client: "y", costMs: 50 });
    await pass(10 * cheapMs);
    expect(stoppedAt).toHaveLength(1);
    expect(stoppedAt[0]).toBeGreaterThanOrEqual(10 * cheapMs);
    expect(stoppedAt[0]).toBeLessThan(10 * cheapMs + 500);
    await pass(60_000);
    await Promise.all(works);
  });

  test.each([
    ["the time in the slot, where the task says nothing", undefined, false],
    ["the processor time that the task says", 20, true],
  ])("what counts is %s", async (_, charged, beginsBeside) => {
    fakeClock();
    const queue = queueOf(2, 10);
    await runFor(queue, 1500, charged, { key: "k" });
    // An expensive work holds the only slot that expensive works may have.
    const long = ask(queue, { client: "z", costMs: 5000, estimateMs: 5000 });
    const again = ask(queue, { client: "y", costMs: 10, key: "k" });
    await pass(100);
    expect([long.waitedMs, again.tookMs !== undefined]).toEqual([0, beginsBeside]);
  });

  test("time that was spent beside a task is paid for, and the same task is no more expensive for it", async () => {
    fakeClock();
    const queue = queueOf(2, 10);
    await queue.run(
      async ({ charge }) => {
        charge(20, 2000);
      },
      { party: x, key: "k" },
    );
    await runFor(queue, 100, 100, { party: { account: "a", client: "y" } });
    // An expensive work holds the only slot that expensive works may have.
    ask(queue, { client: "z", costMs: 5000, estimateMs: 5000 });
    const again = ask(queue, { client: "v", costMs: 200, key: "k" });
    const ofPayer = ask(queue, { client: "x", costMs: 10 });
    const ofOther = ask(queue, { client: "y", costMs: 10 });
    await pass(1100);
    expect(again.waitedMs).toBe(0);
    expect([ofOther.waitedMs, ofPayer.waitedMs]).toEqual([200, 210]);
  });

  test.each([
    ["is not taken for cheap", [100, 3000]],
    ["is taken for expensive if it was by then", [2000]],
  ])("a task that was stopped before its end %s", async (_, stops) => {
    fakeClock();
    const queue = queueOf(2, 10);
    for (const [each, ms] of stops.entries()) {
      const gone = new AbortController();
      ask(queue, { client: `x${each}`, costMs: 4000, files: ["bomb"] }, gone.signal);
      await pass(ms);
      gone.abort(new Error("gone"));
      await pass(200);
    }
    await pass(600_000);
    // An expensive work holds the only slot that expensive works may have.
    ask(queue, { client: "z", costMs: 5000, estimateMs: 5000 });
    const next = ask(queue, { client: "y", costMs: 4000, files: ["bomb"] });
    await pass(100);
    expect(next.waitedMs).toBeUndefined();
  });

  test("tasks that have ended or left leave no timers", async () => {
    fakeClock();
    const queue = queueOf(1, 10, 0, 20_000);
    ask(queue, { client: "x", costMs: 10 });
    ask(queue, { client: "x", costMs: 10 });
    const gone = new AbortController();
    ask(queue, { client: "y", costMs: 10 }, gone.signal);
    gone.abort(new Error("gone"));
    await pass(20);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("a task that takes long for its first time doesn't keep back cheap ones", async () => {
    fakeClock();
    const queue = queueOf(1, 10, 1);
    ask(queue, { client: "x", costMs: 4000 });
    const cheap = ask(queue, { client: "y", costMs: 50 });
    await pass(500);
    expect(cheap.waitedMs).toBe(cheapMs);
  });

  test("a cheap task waits a while for a slot that is kept from its client or file, and for overruns of its client", async () => {
    fakeClock();
    const queue = queueOf(1, 10, 1);
    await runFor(queue, 1500, undefined, { party: { account: "a", client: "z" } });
    ask(queue, { client: "x", costMs: 4000, files: ["f"] });
    await pass(cheapMs);
    const waits = [
      ask(queue, { client: "x", costMs: 50 }),
      ask(queue, { client: "y", costMs: 50, files: ["f"] }),
      ask(queue, { client: "z", costMs: 50 }),
      ask(queue, { client: "other", costMs: 50 }),
    ];
    await pass(5000);
    expect(waits.map(({ waitedMs }) => waitedMs)).toEqual([4000 - cheapMs, 2050, 2000, 0]);
  });

  test("a client's thumbnails don't wait for its large picture", async () => {
    fakeClock();
    const queue = queueOf(2, 100, 1);
    ask(queue, { client: "x", costMs: 4000, estimateMs: 4000, files: ["large"] });
    const thumbnails = Array.from({ length: 60 }, (_, each) =>
      ask(queue, { client: "x", costMs: 40, estimateMs: 40, files: [`${each}`] }),
    );
    await pass(2000);
    expect(thumbnails.every(({ tookMs = 4000 }) => tookMs <= (60 * 40) / 2)).toBe(true);
  });

  test("tasks that overrun give way once where nothing else makes room, and are done later", async () => {
    fakeClock();
    const queue = queueOf(1, 1, 1, 20_000);
    const first = ask(queue, { client: "x1", costMs: 4000 });
    const second = ask(queue, { client: "x2", costMs: 4000 });
    await pass(2 * cheapMs);
    const cheap = ask(queue, { client: "y", costMs: 50, restartable: false });
    await pass(20_000);
    expect(cheap.waitedMs).toBe(100);
    expect([first.begins, second.begins]).toEqual([1, 2]);
    expect([first.refused, second.refused]).toEqual([undefined, undefined]);
    expect(second.tookMs).toBeGreaterThan(4000);
  });

  test("a task that gave way for nothing isn't refused, however many wait by then", async () => {
    fakeClock();
    const queue = queueOf(1, 1, 1, 20_000);
    const [, second] = ["x1", "x2"].map((client) => ask(queue, { client, costMs: 1000 }));
    await pass(2 * cheapMs);
    const gone = new AbortController();
    ask(queue, { client: "y", costMs: 50 }, gone.signal);
    gone.abort(new Error("gone"));
    const expensive = ask(queue, { client: "z", costMs: 4000, estimateMs: 4000 });
    await pass(20_000);
    expect(second?.begins).toBe(2);
    expect([second?.refused, expensive.refused]).toEqual([undefined, undefined]);
  });

  test("tasks that can't be run twice don't give way", async () => {
    fakeClock();
    const queue = queueOf(1, 2, 1, 20_000);
    const long = ["x1", "x2"].map((client) => ask(queue, { client, costMs: 4000, restartable: false }));
    await pass(2 * cheapMs);
    const cheap = ask(queue, { client: "y", costMs: 50 });
    await pass(20_000);
    expect(long.map(({ begins }) => begins)).toEqual([1, 1]);
    expect(cheap.waitedMs).toBe(4000 - 2 * cheapMs);
  });

  test("the time that is lost by giving way is bounded", async () => {
    fakeClock();
    const queue = queueOf(1, 1000, 1, 600_000);
    const works = Array.from({ length: 200 }, (_, each) =>
      ask(queue, { client: `x${each}`, files: [`f${each}`], costMs: 4000 }),
    );
    await pass(120_000);
    const restarts = works.reduce((sum, { stops }) => sum + stops, 0);
    expect(restarts).toBeGreaterThan(16);
    // Two minutes forget half of the eight seconds.
    expect(restarts).toBeLessThan(16_000 / cheapMs);
  });
});
