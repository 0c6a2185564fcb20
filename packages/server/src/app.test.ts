import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import perfHooks, { PerformanceObserver } from "node:perf_hooks";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createSluice } from "./app.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-app-"));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

async function openAndClose(): Promise<string> {
  const sluice = await createSluice({ port: 0, dataDir: folder });
  try {
    await sluice.listen();
    return await (await fetch(`${sluice.url}/metrics`, { headers: { connection: "close" } })).text();
  } finally {
    await sluice.close();
  }
}

test("servers that come and go in one process leave no listener, timer or observer behind", async () => {
  const warnings: string[] = [];
  const onWarning = ({ name, message }: Error): void => {
    if (name !== "ExperimentalWarning") warnings.push(message);
  };
  process.on("warning", onWarning);
  try {
    await openAndClose();
    const monitors = vi.spyOn(perfHooks, "monitorEventLoopDelay");
    const observers = vi.spyOn(PerformanceObserver.prototype, "observe");
    const before = process.getActiveResourcesInfo().sort();
    for (let count = 0; count < 30; count++) await openAndClose();
    expect(monitors).not.toHaveBeenCalled();
    expect(observers).not.toHaveBeenCalled();
    await expect.poll(() => process.getActiveResourcesInfo().sort()).toEqual(before);
    expect(warnings).toEqual([]);
  } finally {
    process.off("warning", onWarning);
  }
});

test("each server counts for itself, and tells of its process", async () => {
  const first = await openAndClose();
  const second = await openAndClose();
  for (const text of [first, second]) {
    expect(text).toMatch(/^process_cpu_seconds_total \d/m);
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds \d/m);
    expect(text).toMatch(/^sluice_spool_files 0$/m);
    expect(text).not.toMatch(/^sluice_http_requests_total\{/m);
  }
});
