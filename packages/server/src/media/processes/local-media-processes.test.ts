import { access, mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import sharp from "sharp";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { TimedQueue } from "../../concurrency/timed-queue.ts";
import { defaultLimits, extraPictures, type Limits } from "../../config/limits.ts";
import { WorkClock } from "../image/pixels/work-clock.ts";
import { openMediaPools, openMediaProcesses } from "./local-media-processes.ts";
import type { MediaProcesses, TaskOptions } from "./media-processes.ts";
import { processorMs } from "./process-usage.ts";
import type { RenderTask } from "./tasks.ts";
import { environmentOf, isThere, processesIn } from "./testing/processes.ts";
import { askingTask, quickTask, renderTask, slowlyWrittenTask, slowTask } from "./testing/render-tasks.ts";

const forever = new AbortController().signal;
const isLinux = process.platform === "linux";

/** A machine that is busy takes this much longer for what takes milliseconds. */
const busyMs = 300;
const modelPicture = await sharp({ create: { width: 60, height: 40, channels: 3, background: "#3c3" } })
  .png()
  .toBuffer();

/** Starting a process takes much longer than most tasks, so the tests share processes. */
const pools = openMediaPools(0);
let processes: MediaProcesses;
afterEach(() => processes.close());
afterAll(() => pools.close());

/** Opens processes of which one is there already. @returns its id */
function openOne(limits: Partial<Limits> = {}, concurrency = 1, of = pools): Promise<number> {
  processes = openMediaProcesses({ limits: { ...defaultLimits, ...limits }, concurrency, pools: of });
  return idOfIdle(of);
}

/** The id of the process that gets the next task. */
function idOfIdle(of = pools): Promise<number> {
  return of.pictures.use(async ({ pid }) => pid ?? 0);
}

function render(task: RenderTask = quickTask, options: Partial<TaskOptions> = {}) {
  return processes.run("render", async () => task, { signal: forever, ...options });
}

/** Waits until a process has begun to work hard. */
async function hardAtWork(pid: number): Promise<void> {
  const before = processorMs(pid) ?? 0;
  await expect
    .poll(() => (processorMs(pid) ?? Number.POSITIVE_INFINITY) - before, { interval: 10 })
    .toBeGreaterThan(150);
}

describe("a picture that takes too long", () => {
  test.runIf(isLinux)("ends its process within 200 ms of its limit, and then its place is free", async () => {
    const pid = await openOne({ imagesWaiting: 0 });
    const before = processorMs(pid) ?? 0;
    let seenMs = 0;
    const watch = setInterval(() => {
      seenMs = (processorMs(pid) ?? before + seenMs) - before;
    }, 5);
    const clock = new WorkClock();
    const began = performance.now();
    const refusal = await render(slowTask({ milliseconds: 500 }), { clock }).catch((error: unknown) => error);
    const elapsedMs = performance.now() - began;
    clearInterval(watch);
    expect(isThere(pid)).toBe(false);
    expect(elapsedMs).toBeLessThan(500 + 200 + busyMs);
    expect(clock.ms).toBeGreaterThanOrEqual(490);
    await processes.assertRoom();
    expect(refusal).toMatchObject({ name: "MediaError", code: "ETIME" });
    // Whose fault it is depends on how much of the time was processor time.
    if (seenMs > 0.8 * clock.ms) expect(refusal).toMatchObject({ exhausted: true });
    if (seenMs < 0.6 * clock.ms) expect(refusal).toMatchObject({ exhausted: false });
    expect(await render()).toMatchObject({ width: 30 });
  });

  test.runIf(isLinux)("and got no processor is not to blame, and is tried again", async () => {
    const pid = await openOne();
    const known = { file: "file", key: "key" };
    const late = render(slowTask({ milliseconds: 600 }), known);
    process.kill(pid, "SIGSTOP");
    await expect(late).rejects.toMatchObject({ code: "ETIME", exhausted: false });
    expect(isThere(pid)).toBe(false);
    expect(await render(quickTask, known)).toMatchObject({ width: 30 });
  });

  test("to be written has time of its own", async () => {
    await openOne();
    const task = { ...slowlyWrittenTask, limits: { ...slowlyWrittenTask.limits, milliseconds: 700 } };
    expect(await render(task)).toMatchObject({ width: 600, contentType: "image/avif" });
  });
});

describe("work that takes more memory than it may", () => {
  /** The time in which a machine that is busy reads a large file. */
  const readingMs = 20_000;

  /** The task of a file that is larger than what a process may take before it is known what the picture takes. */
  async function withLargeFile(work: (task: RenderTask) => Promise<void>): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), "media-processes-"));
    try {
      const path = join(folder, "large");
      const file = await open(path, "w");
      await file.truncate(2 ** 30);
      await file.close();
      await work(renderTask({ path, size: 2 ** 30 }, "w-10"));
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  test("ends its process", async () => {
    const pid = await openOne({ imageMs: readingMs });
    await withLargeFile(async (task) => {
      await expect(render(task)).rejects.toMatchObject({ name: "MediaError", code: "ELIMIT", exhausted: true });
    });
    expect(isThere(pid)).toBe(false);
    expect(await render()).toMatchObject({ width: 30 });
  });

  test("is refused at once when it is asked for again, and nothing else is", async () => {
    await openOne({ imageMs: readingMs });
    await withLargeFile(async (task) => {
      const known = { file: "file", key: "key" };
      await expect(render(task, known)).rejects.toMatchObject({ code: "ELIMIT", exhausted: true });
      const pid = await idOfIdle();
      const prepare = vi.fn();
      for (const again of [known, { file: "file", key: "other" }]) {
        const refused = processes.run("render", prepare, { signal: forever, ...again });
        await expect(refused).rejects.toMatchObject({ code: "ELIMIT", exhausted: true });
      }
      expect(prepare).not.toHaveBeenCalled();
      expect(await render(quickTask, { file: "another", key: "another" })).toMatchObject({ width: 30 });
      expect(await idOfIdle()).toBe(pid);
    });
  });
});

test.runIf(isLinux)(
  "a process is ready for every picture that may be made at once",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "media-processes-"));
    vi.stubEnv("TMPDIR", folder);
    try {
      processes = openMediaProcesses({ limits: defaultLimits, concurrency: 1 });
      processes.keepReady();
      await expect.poll(() => processesIn(folder), { timeout: 20_000 }).toHaveLength(1 + extraPictures);
      await processes.close();
    } finally {
      vi.unstubAllEnvs();
      await rm(folder, { recursive: true });
    }
  },
  30_000,
);

test("the files of layers pay for a picture as its own file does", async () => {
  await openOne();
  const run = vi.spyOn(TimedQueue.prototype, "run");
  await render(quickTask, { file: "file", layers: ["logo", "font"] });
  expect(run.mock.calls[0]?.[1]).toMatchObject({ files: ["file", "logo", "font"] });
  run.mockRestore();
});

describe("a process that ends by itself", () => {
  test.each([
    // The system ends what takes the memory of others in this way.
    ["SIGKILL", "EBUSY"],
    ["SIGSEGV", "EINVALID"],
    ["SIGABRT", "EINVALID"],
  ] as const)("by %s fails its task with %s, and the next task has another one", async (signal, code) => {
    const pid = await openOne({ imagesWaiting: 0 });
    const failed = render(slowTask());
    await hardAtWork(pid);
    process.kill(pid, signal);
    await expect(failed).rejects.toMatchObject({ name: "MediaError", code, exhausted: false });
    expect(await render()).toMatchObject({ width: 30 });
    expect(await idOfIdle()).not.toBe(pid);
  });

  test("without a task is replaced unnoticed", async () => {
    const pid = await openOne();
    process.kill(pid, "SIGKILL");
    await expect.poll(() => isThere(pid)).toBe(false);
    expect(await render()).toMatchObject({ width: 30 });
  });

  test("just as it gets a task is replaced unnoticed", async () => {
    const pid = await openOne({ imagesWaiting: 0 });
    process.kill(pid, "SIGKILL");
    expect(await render()).toMatchObject({ width: 30 });
  });

  test("while it waits for memory takes none", async () => {
    await openOne({ imagesMemoryBytes: 1 }, 2);
    const [, second] = await idsOfTwo();
    const { asked, answer, options } = model();
    const holding = render(askingTask, options);
    await asked;
    const failure = expect(render()).rejects.toMatchObject({ name: "MediaError" });
    await setTimeout(500);
    process.kill(second, "SIGKILL");
    await failure;
    answer(modelPicture);
    await holding;
    expect(await Promise.race([render(), setTimeout(10_000, "waits for ever")])).toMatchObject({ width: 30 });
  });
});

/** The ids of two processes. The first gets the next task, the second the one after that. */
function idsOfTwo(): Promise<[number, number]> {
  const { pictures } = pools;
  return pictures.use((one) => pictures.use(async (other) => [one.pid ?? 0, other.pid ?? 0]));
}

/** A model that answers when it is told to. The rendering that asks it has its memory. */
function model() {
  const asked = Promise.withResolvers<void>();
  const { promise, resolve: answer } = Promise.withResolvers<Uint8Array>();
  const findAiPicture: TaskOptions["findAiPicture"] = async () => {
    asked.resolve();
    return promise;
  };
  return { asked: asked.promise, answer, options: { findAiPicture } };
}

describe("a task that nobody waits for any more", () => {
  /** Expects the next task to begin within 250 ms after a task was left. */
  async function leave(left: Promise<unknown>, leaving: AbortController): Promise<void> {
    const began = Promise.withResolvers<number>();
    const prepare = async () => {
      began.resolve(performance.now());
      return quickTask;
    };
    const next = processes.run("render", prepare, { signal: forever });
    const before = performance.now();
    leaving.abort(new Error("gone"));
    await expect(left).rejects.toThrow("gone");
    expect((await began.promise) - before).toBeLessThan(250 + busyMs);
    expect(await next).toMatchObject({ width: 30 });
  }

  test.each([
    ["while native code works", () => slowTask(), 300],
    ["while it is written", () => slowlyWrittenTask, 600],
  ])("leaves its place, %s", async (_, task, afterMs) => {
    await openOne();
    const leaving = new AbortController();
    const left = render(task(), { signal: leaving.signal });
    await setTimeout(afterMs);
    await leave(left, leaving);
  });

  test("leaves its place and its process while a model is asked", async () => {
    const pid = await openOne();
    const leaving = new AbortController();
    const { asked, answer, options } = model();
    const left = render(askingTask, { ...options, signal: leaving.signal });
    await asked;
    await leave(left, leaving);
    answer(modelPicture);
    expect(isThere(pid)).toBe(false);
  });

  test("leaves the line for memory, and its process goes on", async () => {
    await openOne({ imagesMemoryBytes: 1, imagesWaiting: 5 }, 2);
    const [, second] = await idsOfTwo();
    const { asked, answer, options } = model();
    const holding = render(askingTask, options);
    await asked;
    const leaving = new AbortController();
    const left = render(quickTask, { signal: leaving.signal });
    await setTimeout(500);
    leaving.abort(new Error("gone"));
    await expect(left).rejects.toThrow("gone");
    await setTimeout(250 + busyMs);
    expect(await idOfIdle()).toBe(second);
    answer(modelPicture);
    await holding;
    expect(await render()).toMatchObject({ width: 30 });
  });

  test("before its turn is never prepared", async () => {
    await openOne();
    const { asked, answer, options } = model();
    const holding = render(askingTask, options);
    await asked;
    const leaving = new AbortController();
    const prepare = vi.fn();
    const left = processes.run("render", prepare, { signal: leaving.signal });
    leaving.abort(new Error("gone"));
    await expect(left).rejects.toThrow("gone");
    answer(modelPicture);
    await holding;
    expect(prepare).not.toHaveBeenCalled();
  });
});

describe("a model's picture", () => {
  test("is asked for with what tells pictures apart, and as PNG where somebody wants it", async () => {
    await openOne();
    let seen: unknown;
    await render(askingTask, {
      findAiPicture: async (request, { png, ...picture }) => {
        const { width, height, format } = await sharp(await png()).metadata();
        seen = { request, picture, png: { width, height, format } };
        return modelPicture;
      },
    });
    expect(seen).toEqual({
      request: { effect: "e-retouch", prompt: undefined },
      picture: { width: 60, height: 40, channels: 3, digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
      png: { width: 60, height: 40, format: "png" },
    });
  });

  test("that is missing fails the rendering with the very same error, and the process goes on", async () => {
    const pid = await openOne();
    const missing = Object.assign(new Error("missing"), { picture: Buffer.from("kept") });
    const failed = render(askingTask, { findAiPicture: () => Promise.reject(missing) });
    expect(await failed.catch((error: unknown) => error)).toBe(missing);
    expect(await idOfIdle()).toBe(pid);
    expect(await render()).toMatchObject({ width: 30 });
  });
});

describe("the time of a picture", () => {
  test("counts while it is worked on, and not while it waits for its turn, for memory or for a model's picture", async () => {
    await openOne({ imagesMemoryBytes: 1, imageMs: 1000 }, 2);
    await idsOfTwo();
    const task = { ...askingTask, limits: { ...askingTask.limits, milliseconds: 1000 } };
    const [first, second, third] = [new WorkClock(), new WorkClock(), new WorkClock()];
    const { asked, answer, options } = model();
    const holding = render(task, { ...options, clock: first });
    await asked;
    const waitsForMemory = render(quickTask, { clock: second });
    const waitsForTurn = render(quickTask, { clock: third });
    await setTimeout(1200);
    answer(modelPicture);
    await Promise.all([holding, waitsForMemory, waitsForTurn]);
    expect(first.ms).toBeLessThan(900);
    expect(second.ms).toBeLessThan(900);
    expect(third.ms).toBeLessThan(900);
  });
});

test("those that take more memory than there is are made one after another, and give it back", async () => {
  await openOne({ imagesMemoryBytes: 1 }, 2);
  const broken = renderTask({ data: Buffer.from("no picture") }, "w-10");
  const outcomes = await Promise.allSettled([render(), render(broken), render(), render(broken), render()]);
  expect(outcomes.map(({ status }) => status)).toEqual([
    ...["fulfilled", "rejected", "fulfilled", "rejected", "fulfilled"],
  ]);
});

test("an error of the server's own files is no fault of the picture, and no process ends", async () => {
  const pid = await openOne();
  await expect(
    render(renderTask({ path: join(tmpdir(), "media-processes-none", "a"), size: 1 }, "w-10")),
  ).rejects.toMatchObject({ code: "ENOENT" });
  await expect(
    processes.run("render", () => Promise.reject(new Error("no blob")), { signal: forever }),
  ).rejects.toThrow("no blob");
  expect(await idOfIdle()).toBe(pid);
});

describe("closing", () => {
  test.runIf(isLinux)("ends the work under way, and leaves no process and no files", async () => {
    const own = openMediaPools(0);
    const pid = await openOne({}, 1, own);
    const folder = (await environmentOf(pid)).get("TMPDIR") ?? "";
    await access(folder);
    const running = render(slowTask()).catch((error: unknown) => error);
    await hardAtWork(pid);
    await processes.close();
    expect(await running).toMatchObject({ code: "EBUSY" });
    await own.close();
    expect(isThere(pid)).toBe(false);
    await expect(access(dirname(folder))).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("refuses what waits and what comes", async () => {
    await openOne();
    const { asked, options } = model();
    const tasks = [render(askingTask, options), render(), render()];
    const refused = tasks.map((task) => expect(task).rejects.toMatchObject({ name: "MediaError", code: "EBUSY" }));
    await asked;
    await processes.close();
    await Promise.all(refused);
    await expect(render()).rejects.toMatchObject({ code: "EBUSY" });
  });
});

describe.runIf(isLinux)("a process that decodes", () => {
  test("has no variables but those for finding programs and its own folder", async () => {
    process.env.SLUICE_TEST_SECRET = "secret";
    const own = openMediaPools(0);
    try {
      const variables = await environmentOf(await openOne({}, 1, own));
      const node = ["NODE_COMPILE_CACHE"];
      expect(["TMPDIR", "PATH", ...node]).toEqual(expect.arrayContaining([...variables.keys()]));
      expect([...variables.values()].join()).not.toContain("secret");
    } finally {
      delete process.env.SLUICE_TEST_SECRET;
      await own.close();
    }
  });

  test("is ended before all others where memory is short", async () => {
    const pid = await openOne();
    expect((await readFile(`/proc/${pid}/oom_score_adj`, "utf8")).trim()).toBe("1000");
  });

  test("has no network where the system allows that, and gets no rights", async () => {
    const pid = await openOne();
    const name = await pools.isolation();
    const devices = (await readFile(`/proc/${pid}/net/dev`, "utf8"))
      .split("\n")
      .slice(2)
      .filter((line) => line !== "");
    if (name === "no-network") expect(devices.map((line) => line.trim().split(":")[0])).toEqual(["lo"]);
    // No byte came through the one device, which is down.
    if (name === "no-network") expect(devices[0]).toMatch(/lo:(\s+0)+$/);
    const status = await readFile(`/proc/${pid}/status`, "utf8");
    if (name !== "none") expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
  });

  test("has its files removed when it has ended", async () => {
    const pid = await openOne();
    const folder = (await environmentOf(pid)).get("TMPDIR") ?? "";
    await access(folder);
    process.kill(pid, "SIGKILL");
    await expect.poll(() => access(folder).catch(() => "gone")).toBe("gone");
  });

  test("goes on through signals that are meant for the server's terminal", async () => {
    const pid = await openOne();
    const { asked, answer, options } = model();
    const working = render(askingTask, options);
    await asked;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR2"] as const) process.kill(pid, signal);
    await setTimeout(100);
    answer(modelPicture);
    expect(await working).toMatchObject({ width: 60 });
    expect(await idOfIdle()).toBe(pid);
  });
});
