import { expect, test } from "vitest";
import { startWork } from "../pixels/work.ts";
import { runProcess } from "./run-process.ts";

const limits = { milliseconds: 5000, memoryBytes: 2 ** 30 };

test("a process that the system refuses at once can be asked for again", async () => {
  const program = new URL("never-started.ts", import.meta.url);
  // Linux refuses an argument of this length, and Node throws that at once, as it does where there is no memory.
  const task = { program, arguments: ["a".repeat(300_000)], input: new Uint8Array(), limits, late: "too late" };
  const work = startWork(new AbortController().signal, limits);
  await expect(runProcess(task, work)).rejects.toMatchObject({ name: "MediaError", code: "EBUSY" });
});
