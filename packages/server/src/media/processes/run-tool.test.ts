import { expect, test } from "vitest";
import { runTool } from "./run-tool.ts";
import type { Sandbox } from "./sandbox.ts";

const sandbox: Sandbox = { name: "none", command: [] };
const bounds = { milliseconds: 10_000, memoryBytes: 2 ** 30, outputBytes: 1024 };
const tool = (script: string, more: Partial<typeof bounds> = {}) => {
  const task = { program: ["/bin/sh", "-c", script], arguments: [], files: [], bounds: { ...bounds, ...more } };
  return runTool(task, sandbox, new AbortController().signal);
};

test("a tool that the system has killed says nothing against its file, as one that ends by itself does", async () => {
  await expect(tool("kill -9 $$")).rejects.toMatchObject({ code: "EBUSY" });
  expect(await tool("echo out; echo why >&2; exit 3")).toMatchObject({ code: 3, said: "why\n" });
});

test("a tool that is killed at the end of its time is the file's fault", async () => {
  await expect(tool("sleep 9", { milliseconds: 50 })).rejects.toMatchObject({ code: "ETIME", exhausted: true });
});
