import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { processorMs, residentBytes } from "./process-usage.ts";

test.runIf(process.platform === "linux")(
  "the memory and the processor time are those that the process itself sees",
  () => {
    const rss = residentBytes(process.pid) ?? 0;
    expect(Math.abs(rss - process.memoryUsage.rss())).toBeLessThan(32 * 2 ** 20);
    const { user, system } = process.cpuUsage();
    // The system counts in ticks of 10 ms. It adds what this process has started and what has ended.
    expect((processorMs(process.pid) ?? 0) - (user + system) / 1000).toBeGreaterThan(-200);
  },
);

test.runIf(process.platform === "linux")(
  "the time of a program with spaces and parentheses in its name is found",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "process-usage-"));
    const program = join(folder, ") 9 9 (x");
    try {
      await copyFile("/bin/sh", program);
      const child = spawn(program, ["-c", "while :; do :; done"], { stdio: "ignore" });
      try {
        await once(child, "spawn");
        const usedMs = () => processorMs(child.pid ?? 0) ?? Number.NaN;
        await expect.poll(usedMs).toBeGreaterThan(50);
        expect(usedMs()).toBeLessThan(60_000);
      } finally {
        child.kill("SIGKILL");
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);

test("of a process that isn't there nothing is known", () => {
  // No process has this number on Linux.
  expect(residentBytes(4_194_305)).toBeUndefined();
  expect(processorMs(4_194_305)).toBeUndefined();
});
