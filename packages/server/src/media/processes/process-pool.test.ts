import { setTimeout } from "node:timers/promises";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { NoSlotError } from "../../concurrency/wait-for-slot.ts";
import type { DecodingTask } from "./decoding-task.ts";
import { MediaProcess } from "./media-process.ts";
import { ProcessPool } from "./process-pool.ts";
import { SandboxProbe } from "./sandbox.ts";
import { ScratchFolder } from "./scratch-folder.ts";
import { isThere, processesIn } from "./testing/processes.ts";
import { quickTask } from "./testing/render-tasks.ts";

const scratch = new ScratchFolder();
const sandbox = new SandboxProbe();
let pool: ProcessPool;
beforeEach(() => {
  pool = new ProcessPool({ scratch, sandbox, ready: 2 });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await pool.close();
  expect(await processesIn(await scratch.path())).toEqual([]);
});
afterAll(() => scratch.close());

const idOf = async ({ pid = 0 }: MediaProcess) => pid;
const run: DecodingTask = {
  name: "header",
  input: { file: quickTask.file, formats: ["jpeg"] },
  inputBytes: 0,
  bounds: { milliseconds: 10_000 },
  host: { take: async (bytes) => bytes, askAi: () => Promise.reject(new Error("no model")) },
  signal: new AbortController().signal,
};

test("a process is lent to one task at a time, and again to the next", async () => {
  const [one, other] = await pool.use((first) => pool.use(async (second) => [first.pid, second.pid]));
  expect(one).not.toBe(other);
  expect([one, other]).toContain(await pool.use(idOf));
  await expect(pool.use(() => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  expect([one, other]).toContain(await pool.use(idOf));
});

test.runIf(process.platform === "linux")(
  "as many as are to be ready are, also once one has ended, and never more",
  async () => {
    const folder = await scratch.path();
    pool.keepReady();
    pool.keepReady();
    await expect.poll(() => processesIn(folder)).toHaveLength(2);
    const lent = await pool.use(idOf);
    process.kill(lent, "SIGKILL");
    await expect.poll(() => isThere(lent)).toBe(false);
    await expect.poll(() => processesIn(folder)).toHaveLength(2);
    expect(await pool.use(idOf)).not.toBe(lent);
    expect(await processesIn(folder)).toHaveLength(2);
  },
);

test("where processes keep ending without a task, the pauses between their starts grow", async () => {
  vi.useFakeTimers();
  const ended = { exited: Promise.resolve(), isGone: true, wasKilled: false, kill: () => undefined };
  const start = vi.spyOn(MediaProcess, "start").mockResolvedValue(ended as unknown as MediaProcess);
  try {
    vi.spyOn(scratch, "path").mockResolvedValue("/nowhere");
    vi.spyOn(sandbox, "find").mockResolvedValue({ name: "none", command: [] });
    pool.keepReady();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(start.mock.calls.length).toBeGreaterThan(4);
    expect(start.mock.calls.length).toBeLessThan(20);
  } finally {
    vi.restoreAllMocks();
    vi.useRealTimers();
  }
});

test("a process is replaced after a thousand tasks", async () => {
  const first = await pool.use(async (process) => {
    for (let count = 0; count < 999; count += 1) await process.run(run);
    return process.pid;
  });
  const last = await pool.use(async (process) => {
    await process.run(run);
    return process.pid;
  });
  expect(last).toBe(first);
  expect(await pool.use(idOf)).not.toBe(first);
  await expect.poll(() => isThere(first ?? 0)).toBe(false);
});

test("a process that holds much memory without a task is replaced", async () => {
  const large = await pool.use(async (process) => {
    vi.spyOn(process, "bytes", "get").mockReturnValue(500 * 2 ** 20);
    return idOf(process);
  });
  expect(await pool.use(idOf)).not.toBe(large);
  await expect.poll(() => isThere(large)).toBe(false);
});

test("memory that earlier tasks have left in a process is not its next task's fault", async () => {
  const take = (bytes: number) => setTimeout(100, bytes);
  await pool.use(async (process) => {
    vi.spyOn(process, "bytes", "get").mockReturnValue(390 * 2 ** 20);
    const { value } = await process.run({ ...run, name: "render", input: quickTask, host: { ...run.host, take } });
    expect(value).toMatchObject({ width: 30 });
  });
});

test("a caller that gives up waits for no process, and the next task gets the one that was starting", async () => {
  const started = Promise.withResolvers<void>();
  const find = sandbox.find.bind(sandbox);
  vi.spyOn(sandbox, "find").mockImplementationOnce(async () => {
    await started.promise;
    return find();
  });
  const leaving = new AbortController();
  const work = vi.fn(idOf);
  const left = pool.use(work, leaving.signal);
  leaving.abort(new Error("gone"));
  await expect(left).rejects.toThrow("gone");
  await expect(pool.use(work, leaving.signal)).rejects.toThrow("gone");
  const start = vi.spyOn(MediaProcess, "start");
  started.resolve();
  await expect.poll(() => start.mock.results).toHaveLength(1);
  const [one] = await Promise.all(start.mock.results.map(({ value }) => value as Promise<MediaProcess>));
  await setTimeout(0);
  expect(await pool.use(idOf)).toBe(one?.pid);
  expect(work).not.toHaveBeenCalled();
});

test("a task that waits gets a process that is given back before another has started", async () => {
  const { promise: held, resolve: give } = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const find = sandbox.find.bind(sandbox);
  const pid = await pool.use(idOf);
  const first = pool.use(() => held);
  const looked = vi.spyOn(sandbox, "find").mockImplementationOnce(async () => {
    await started.promise;
    return find();
  });
  const second = pool.use(idOf);
  await expect.poll(() => looked.mock.calls.length).toBe(1);
  give();
  expect(await second).toBe(pid);
  started.resolve();
  await first;
});

test("where none can be started, the caller is asked to come back, and nothing is left", async () => {
  vi.spyOn(sandbox, "find").mockResolvedValue({ name: "none", command: ["/nowhere/no-program"] });
  await expect(pool.use(idOf)).rejects.toMatchObject({ name: "MediaError", code: "EBUSY" });
  vi.spyOn(sandbox, "find").mockResolvedValue({ name: "none", command: ["false"] });
  await expect(pool.use(idOf)).rejects.toMatchObject({ name: "MediaError", code: "EBUSY" });
  vi.restoreAllMocks();
  expect(await pool.use(idOf)).toBeGreaterThan(0);
});

test("a closed pool lends nothing, and its processes are gone, also those that were just starting", async () => {
  const idle = await pool.use(idOf);
  const starting = pool
    .use((first) => pool.use(async (second) => [first.pid, second.pid]))
    .catch((error: unknown) => error);
  pool.keepReady();
  await pool.close();
  expect(isThere(idle)).toBe(false);
  expect(await processesIn(await scratch.path())).toEqual([]);
  expect(await starting).toBeInstanceOf(NoSlotError);
  await expect(pool.use(idOf)).rejects.toThrow(NoSlotError);
});
