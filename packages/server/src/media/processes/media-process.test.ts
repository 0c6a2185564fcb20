import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
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

function render(process: MediaProcess) {
  return process.run({
    name: "render",
    input: quickTask,
    inputBytes: 0,
    bounds: { milliseconds: 10_000 },
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
