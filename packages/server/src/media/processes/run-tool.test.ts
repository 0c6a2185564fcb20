import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { niceness } from "./give-way.ts";
import { runTool, type ToolTask } from "./run-tool.ts";
import type { Sandbox } from "./sandbox.ts";

const sandbox: Sandbox = { name: "none", command: [] };
const hasSessionGroups = existsSync("/proc/self/autogroup");
const bounds = { milliseconds: 10_000, memoryBytes: 2 ** 30, outputBytes: 1024 };
const tool = (script: string, more: Partial<typeof bounds> = {}, rest: Partial<ToolTask> = {}) => {
  const task = {
    program: ["/bin/sh", "-c", script],
    arguments: [],
    files: [],
    bounds: { ...bounds, ...more },
    ...rest,
  };
  return runTool(task, sandbox, new AbortController().signal);
};

test("a tool that the system has killed says nothing against its file, as one that ends by itself does", async () => {
  await expect(tool("kill -9 $$")).rejects.toMatchObject({ code: "EBUSY" });
  expect(await tool("echo out; echo why >&2; exit 3")).toMatchObject({ code: 3, said: "why\n" });
});

test("a tool that is killed at the end of its time is the file's fault", async () => {
  await expect(tool("sleep 9", { milliseconds: 50 })).rejects.toMatchObject({ code: "ETIME", exhausted: true });
});

test.runIf(process.platform === "linux")(
  "tools that give way do so among all processes, also where the system schedules sessions against each other",
  async () => {
    const show =
      "for i in 1 2 3 4 5 6 7 8 9; do sleep 0.1; done; cat /proc/self/autogroup; cut -d' ' -f19 /proc/self/stat";
    const results = await Promise.all(
      [niceness.still, niceness.job, undefined].map((nice) =>
        tool(show, {}, nice === undefined ? {} : { niceness: nice }),
      ),
    );
    const shown = results.map(({ output }) => output.toString().match(/\d+$/gm));
    // Without the kernel's feature there is no such file, and cat says so elsewhere.
    const expected = ["10", "19", "0"].map((nice) => [...(hasSessionGroups ? [nice] : []), nice]);
    expect(shown).toEqual(expected);
  },
);
