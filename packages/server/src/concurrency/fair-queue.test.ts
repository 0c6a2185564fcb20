import { setImmediate, setTimeout } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { FairQueue } from "./fair-queue.ts";

const busy = { name: "NoSlotError" };

test("no more tasks run at once than allowed, and the rest in order", async () => {
  const queue = new FairQueue({ capacity: 2, queueLimit: 10 });
  const order: number[] = [];
  let running = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      queue.run(async () => {
        order.push(index);
        running += 1;
        most = Math.max(most, running);
        await setImmediate();
        running -= 1;
      }),
    ),
  );
  expect(most).toBe(2);
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test("a task on top of the limit is refused at once, and admitted when there is room again", async () => {
  const queue = new FairQueue({ capacity: 1, queueLimit: 1 });
  const gate = Promise.withResolvers<string>();
  const first = queue.run(() => gate.promise);
  const second = queue.run(async () => "second");
  await expect(queue.run(async () => "third")).rejects.toMatchObject(busy);
  gate.resolve("first");
  expect(await Promise.all([first, second])).toEqual(["first", "second"]);
  expect(await queue.run(async () => "fourth")).toBe("fourth");
});

test("whoever comes with hundreds waits for himself, and makes room for others", async () => {
  const queue = new FairQueue({ capacity: 1, queueLimit: 4 });
  const gate = Promise.withResolvers<string>();
  const order: string[] = [];
  const run = (client: string, name: string) =>
    queue
      .run(async () => order.push(name), undefined, { account: "a", client })
      .catch(({ reason }) => order.push(`${name} ${reason}`));
  const first = queue.run(() => gate.promise);
  const flood = Array.from({ length: 6 }, (_, index) => run("x", `x${index}`));
  const others = [run("y", "y0"), run("z", "z0")];
  await setImmediate();
  gate.resolve("first");
  await Promise.all([first, ...flood, ...others]);
  expect(order).toEqual(["x4 full", "x5 full", "x3 full", "x2 full", "x0", "y0", "z0", "x1"]);
});

test("a task whose turn doesn't come in time is refused, and gives up its place", async () => {
  const queue = new FairQueue({ capacity: 1, queueLimit: 1, waitMs: 20 });
  const gate = Promise.withResolvers<string>();
  const first = queue.run(() => gate.promise);
  await expect(queue.run(async () => "second")).rejects.toMatchObject(busy);
  const third = queue.run(async () => "third");
  gate.resolve("first");
  expect(await Promise.all([first, third])).toEqual(["first", "third"]);
});

test("a task that is abandoned while it waits never runs and gives up its place", async () => {
  const queue = new FairQueue({ capacity: 1, queueLimit: 1 });
  const gate = Promise.withResolvers<string>();
  const first = queue.run(() => gate.promise);
  const controller = new AbortController();
  let ran = false;
  const second = queue.run(async () => {
    ran = true;
  }, controller.signal);
  controller.abort(new Error("left"));
  await expect(second).rejects.toThrow("left");
  const third = queue.run(async () => "third");
  gate.resolve("first");
  expect(await Promise.all([first, third])).toEqual(["first", "third"]);
  expect(ran).toBe(false);
});

test("a slot that is handed to a task in the moment in which it is abandoned goes to the next", async () => {
  for (let ticks = 0; ticks < 8; ticks += 1) {
    const queue = new FairQueue({ capacity: 1, queueLimit: 2 });
    const gate = Promise.withResolvers<string>();
    const first = queue.run(() => gate.promise);
    const controller = new AbortController();
    const second = queue.run(async () => "second", controller.signal).catch(() => "left");
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
  const queue = new FairQueue({ capacity: 1, queueLimit: 1 });
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
async function leaveQueue(queue: FairQueue): Promise<WeakRef<object>> {
  const held = {};
  const controller = new AbortController();
  const waiting = queue.run(async () => held, controller.signal);
  controller.abort(new Error("left"));
  await waiting.catch(() => undefined);
  return new WeakRef(held);
}

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

test("a task that is abandoned while it runs answers at once but keeps its slot until it ends", async () => {
  const queue = new FairQueue({ capacity: 1, queueLimit: 0 });
  const gate = Promise.withResolvers<void>();
  const controller = new AbortController();
  let seen: AbortSignal | undefined;
  const first = queue.run(async (signal) => {
    seen = signal;
    await gate.promise;
    throw new Error("late");
  }, controller.signal);
  await setImmediate();
  controller.abort(new Error("left"));
  await expect(first).rejects.toThrow("left");
  expect(seen?.aborted).toBe(true);
  await expect(queue.run(async () => "second")).rejects.toMatchObject(busy);
  gate.resolve();
  await setImmediate();
  expect(await queue.run(async () => "third")).toBe("third");
});

test("a failed task frees its slot", async () => {
  const queue = new FairQueue({ capacity: 1, queueLimit: 0 });
  await expect(queue.run(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(await queue.run(async () => "next")).toBe("next");
});

test("an aborted signal is refused without a place", async () => {
  const queue = new FairQueue({ capacity: 1, queueLimit: 0 });
  await expect(queue.run(async () => 1, AbortSignal.abort(new Error("left")))).rejects.toThrow("left");
  expect(await queue.run(async () => 2)).toBe(2);
});

test("closing refuses what waits and comes, and waits for what runs", async () => {
  const queue = new FairQueue({ capacity: 1, queueLimit: 1 });
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
  await expect(first).rejects.toMatchObject(busy);
  await expect(second).rejects.toMatchObject(busy);
  await expect(queue.run(async () => "third")).rejects.toMatchObject(busy);
  await setImmediate();
  expect({ ended, closed }).toEqual({ ended: false, closed: false });
  gate.resolve();
  await closing;
  expect(ended).toBe(true);
});
