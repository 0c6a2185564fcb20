import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { endianness, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { processorMs, residentBytes, unitsIn } from "./process-usage.ts";

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

test("the sizes of pages and ticks are those that the kernel tells", () => {
  const words = [3n, 4096n, 6n, 65_536n, 17n, 250n, 0n, 0n];
  const facts = Buffer.alloc(8 * words.length);
  for (const [index, word] of words.entries()) {
    if (endianness() === "LE") facts.writeBigUInt64LE(word, 8 * index);
    else facts.writeBigUInt64BE(word, 8 * index);
  }
  expect(unitsIn(facts)).toEqual({ pageBytes: 65_536, ticksPerSecond: 250 });
  expect(unitsIn(Buffer.alloc(0))).toEqual({ pageBytes: 4096, ticksPerSecond: 100 });
});

test.runIf(process.platform === "linux")("the sizes of pages and ticks are those of this machine", async () => {
  const conf = (name: string): number => Number(execFileSync("getconf", [name], { encoding: "utf8" }));
  expect(unitsIn(await readFile("/proc/self/auxv"))).toEqual({
    pageBytes: conf("PAGESIZE"),
    ticksPerSecond: conf("CLK_TCK"),
  });
});
