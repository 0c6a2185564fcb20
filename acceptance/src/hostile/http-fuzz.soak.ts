import { expect, test } from "vitest";
import { spoolFiles } from "../harness/data-dir.ts";
import { startServerProcess } from "../harness/server.ts";
import { alarmsOf } from "./support/alarms.ts";
import { chooseSeed, fuzzOverHttp } from "./support/fuzz-over-http.ts";
import { residentMemory } from "./support/process-facts.ts";
import { inspectable, usedMemory } from "./support/server-heap.ts";

const MiB = 1024 * 1024;
const requests = 22_000;
const tenths = 10;

test("twenty-two thousand hostile requests break nothing and leave nothing in memory", {
  timeout: 240_000,
}, async () => {
  const seed = chooseSeed();
  process.stdout.write(`fuzzing over HTTP with SLUICE_FUZZ_SEED=${seed}\n`);
  const server = await startServerProcess({ environment: inspectable });
  try {
    const fuzz = await fuzzOverHttp(server);
    const memory: number[] = [];
    try {
      for (let tenth = 0; tenth < tenths; tenth++) {
        await fuzz.run(seed + tenth, requests / tenths);
        memory.push(await usedMemory(server));
      }
    } finally {
      fuzz.close();
    }
    const shown = memory.map((bytes) => (bytes / MiB).toFixed(1)).join(", ");
    const { now } = await residentMemory(server);
    process.stdout.write(`memory after each tenth: ${shown} MiB; resident in the end: ${(now / MiB).toFixed(0)} MiB\n`);
    expect((memory.at(-1) ?? 0) - (memory[0] ?? 0)).toBeLessThan(32 * MiB);
    await expect.poll(() => spoolFiles(server.dataDir)).toEqual([]);
    expect(alarmsOf(server)).toEqual([]);
  } finally {
    await server.stop();
  }
});
