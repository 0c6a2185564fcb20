import { expect, test } from "vitest";
import { createLanes } from "./lanes.ts";

const never = new AbortController().signal;

function gate(): { started: string[]; finish: Map<string, () => void>; task: (name: string) => () => Promise<string> } {
  const started: string[] = [];
  const finish = new Map<string, () => void>();
  const task = (name: string) => () => {
    started.push(name);
    return new Promise<string>((resolve) => finish.set(name, () => resolve(name)));
  };
  return { started, finish, task };
}

test("so many tasks run at once, the others in their order", async () => {
  const { started, finish, task } = gate();
  const run = createLanes(2);
  const results = ["a", "b", "c", "d"].map((name) => run(task(name), never));
  expect(started).toEqual(["a", "b"]);
  finish.get("b")?.();
  await results[1];
  await expect.poll(() => started).toEqual(["a", "b", "c"]);
  finish.get("a")?.();
  await expect.poll(() => started).toEqual(["a", "b", "c", "d"]);
  finish.get("c")?.();
  finish.get("d")?.();
  expect(await Promise.all(results)).toEqual(["a", "b", "c", "d"]);
});

test("a task that fails frees its lane", async () => {
  const run = createLanes(1);
  await expect(run(() => Promise.reject(new Error("no")), never)).rejects.toThrow("no");
  expect(await run(async () => "next", never)).toBe("next");
});

test("a task that is cancelled while it waits never starts, and holds nobody up", async () => {
  const { started, finish, task } = gate();
  const run = createLanes(1);
  const cancel = new AbortController();
  const first = run(task("a"), never);
  const second = run(task("b"), cancel.signal);
  const third = run(task("c"), never);
  cancel.abort();
  await expect(second).rejects.toThrow(DOMException);
  await expect(run(task("d"), cancel.signal)).rejects.toThrow(DOMException);
  finish.get("a")?.();
  await first;
  await expect.poll(() => started).toEqual(["a", "c"]);
  finish.get("c")?.();
  expect(await third).toBe("c");
});
