import { expect, test } from "vitest";
import { boundAwaited } from "./bound-awaited.ts";
import type { ExtensionTask } from "./provider.ts";

const never = new AbortController().signal;
const task = (awaited: boolean) => ({ awaited, extension: { name: "tagging", options: {} } }) as ExtensionTask;

test("an answer waits behind a few others alone, a job behind all, and who fails makes room", async () => {
  const first = Promise.withResolvers<void>();
  const provider = boundAwaited({ run: (_task, use) => first.promise.then(() => use({})) }, 2);
  const run = (awaited: boolean) => provider.run(task(awaited), async () => "done", never);
  const waiting = [run(true), run(true), run(false)];
  await expect(run(true)).rejects.toThrow("too many tagging");
  first.reject(new Error("down"));
  expect((await Promise.allSettled(waiting)).map(({ status }) => status)).toEqual(Array(3).fill("rejected"));
  await expect(run(true)).rejects.toThrow("down");
});
