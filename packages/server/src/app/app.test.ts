import { mkdtemp, readdir, rm } from "node:fs/promises";
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

/**
 * Counts the resources that keep the process running, by kind. Those that end by themselves with the next turn of the
 * event loop are left out.
 */
function activeResources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo()) {
    if (name !== "Immediate") counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
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
    const before = activeResources();
    for (let count = 0; count < 15; count++) await openAndClose();
    expect(monitors).not.toHaveBeenCalled();
    expect(observers).not.toHaveBeenCalled();
    // There may be fewer resources than before, because those that other files' tests have left may end meanwhile. The
    // poll itself has a timer.
    const left = () => [...activeResources()].filter(([name, count]) => count > (before.get(name) ?? 0) + 1);
    await expect.poll(left).toEqual([]);
    expect(warnings).toEqual([]);
  } finally {
    process.off("warning", onWarning);
    vi.restoreAllMocks();
  }
});

test("a request's headers and a body of JSON are bounded as configured, and the refusal says by what", async () => {
  const sluice = await createSluice({ port: 0, dataDir: folder, limits: { headerBytes: 2048, jsonBytes: 100 } });
  try {
    await sluice.listen();
    const authorization = `Basic ${btoa(`${sluice.keys.privateKey}:`)}`;
    const ask = async (path: string, init: RequestInit = {}) => {
      const headers = { authorization, connection: "close", ...init.headers };
      const answer = await fetch(`${sluice.url}${path}`, { ...init, headers });
      return { status: answer.status, body: await answer.json() };
    };
    expect(await ask("/v1/files", { headers: { x: "y".repeat(1500) } })).toMatchObject({ status: 200 });
    expect(await ask("/v1/files", { headers: { x: "y".repeat(2048) } })).toMatchObject({
      status: 431,
      body: { reason: "HEADERS_TOO_LARGE" },
    });
    const patch = (size: number) =>
      ask(`/v1/files/${"0".repeat(24)}/details`, { method: "PATCH", body: "{}".padEnd(size) });
    expect(await patch(100)).toMatchObject({ status: 404 });
    expect(await patch(101)).toMatchObject({
      status: 413,
      body: { reason: "BODY_TOO_LARGE", help: expect.stringContaining("100 bytes at most") },
    });
  } finally {
    await sluice.close();
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

test("a server that is part of another program has one process, and says so before it makes anything", async () => {
  await expect(createSluice({ dataDir: join(folder, "data"), workers: 2 })).rejects.toThrow(
    expect.objectContaining({ name: "ConfigError", message: expect.stringContaining("--workers") }),
  );
  expect(await readdir(folder)).toEqual([]);
});

test("the whole server sends the browser client", async () => {
  const sluice = await createSluice({ port: 0, dataDir: folder });
  try {
    await sluice.listen();
    const answer = await fetch(`${sluice.url}/_sluice/client.js`, { headers: { connection: "close" } });
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining("export")]);
  } finally {
    await sluice.close();
  }
});
