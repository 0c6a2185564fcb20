import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test, vi } from "vitest";
import type { TaskFailure } from "./decoding-task.ts";
import { MediaProcess } from "./media-process.ts";
import { ScratchFolder } from "./scratch-folder.ts";
import { isThere } from "./testing/processes.ts";
import { quickTask } from "./testing/render-tasks.ts";

const scratch = new ScratchFolder();
afterAll(() => scratch.close());
const forever = new AbortController().signal;

/** Starts what runs in place of the program that decodes. */
async function startBroken(manner: string): Promise<MediaProcess> {
  const program = fileURLToPath(new URL("testing/broken-child.mjs", import.meta.url));
  const command = [process.execPath, program, manner];
  return MediaProcess.start({ name: "none", command }, await scratch.path(), forever);
}

function render(process: MediaProcess, milliseconds = 10_000) {
  return process.run({
    name: "render",
    input: quickTask,
    inputBytes: 0,
    bounds: { milliseconds },
    host: { take: async (bytes) => bytes, askAi: () => Promise.reject(new Error("no model")) },
    signal: forever,
  });
}

describe("a process that a stranger's file has taken over fails its task alone, where it sends", () => {
  test.each([
    "a command of Node's own channel",
    "a message that can't be read",
    "a length without end",
    "messages without end",
    "no object as its answer",
    "an answer of other kinds",
    "a question of other kinds",
    "nothing any more",
  ])("%s", async (manner) => {
    const broken = await startBroken(manner);
    const { pid = 0 } = broken;
    await expect(render(broken)).rejects.toMatchObject({ cause: { name: "MediaError", code: "EINVALID" } });
    expect(isThere(pid)).toBe(false);
  });

  test.each(["a problem of other kinds", "a refusal of other kinds"])("%s", async (manner) => {
    const broken = await startBroken(manner);
    await expect(render(broken)).rejects.toMatchObject({ cause: { message: expect.any(String) } });
    broken.kill();
    await broken.exited;
  });
});

describe("a task that is ended at its time", () => {
  test("has cost the start of another process as well", async () => {
    const silent = await startBroken("no answer");
    expect(silent.startCostMs).toBeGreaterThan(0);
    await expect(render(silent, 200)).rejects.toMatchObject({
      cause: { code: "ETIME" },
      replacementMs: silent.startCostMs,
    });
  });

  test("has cost its whole time where the system doesn't tell processor times, and is not to blame", async () => {
    const silent = await startBroken("no answer");
    vi.spyOn(silent, "processorMs", "get").mockReturnValue(undefined);
    const failure = await render(silent, 200).catch((error: unknown) => error);
    expect(failure).toMatchObject({ cause: { code: "ETIME", exhausted: false }, cpuMs: expect.any(Number) });
    expect((failure as TaskFailure).cpuMs).toBeGreaterThan(190);
  });
});

test("a task that another program has ended costs no other process", async () => {
  const silent = await startBroken("no answer");
  const failure = render(silent).catch((error: unknown) => error);
  process.kill(silent.pid ?? 0, "SIGKILL");
  expect(await failure).toMatchObject({ cause: { code: "EBUSY" }, replacementMs: 0 });
});
