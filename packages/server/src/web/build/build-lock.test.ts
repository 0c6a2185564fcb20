import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isLocked, lockName, takeBuildLock } from "./build-lock.ts";

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "sluice-lock-"));
});
afterEach(() => rm(cache, { recursive: true }));

/** A process of its own that takes the lock once it is told to, and says whether it has it. */
function openTaker() {
  const program = `
    const { takeBuildLock } = await import(process.argv[1]);
    process.stdout.write("ready");
    process.stdin.once("data", async () => process.stdout.write((await takeBuildLock(process.argv[2])) ? "has" : "not"));`;
  const module = new URL("./build-lock.ts", import.meta.url).href;
  const args = ["--disable-warning=ExperimentalWarning", "--input-type=module", "--eval", program, module, cache];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const said = async () => String((await once(child.stdout, "data"))[0]);
  return {
    ready: said(),
    take() {
      const answer = said();
      child.stdin.write("take");
      return answer;
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}

test("somebody has the lock until it is given back, in the same process as well", async () => {
  expect(await isLocked(cache)).toBe(false);
  const giveBack = await takeBuildLock(cache);
  expect(await isLocked(cache)).toBe(true);
  expect(await takeBuildLock(cache)).toBeUndefined();
  giveBack?.();
  expect(await isLocked(cache)).toBe(false);
  // Nothing in the file says whose the lock was, so no number of a process is mistaken for another one's.
  expect(await readFile(join(cache, lockName), "utf8")).toBe("");
  (await takeBuildLock(cache))?.();
});

test("the end of a process by a signal gives its lock back, and of several who then want it one gets it", async () => {
  const first = openTaker();
  const others = [openTaker(), openTaker(), openTaker()];
  try {
    await Promise.all([first, ...others].map(({ ready }) => ready));
    expect(await first.take()).toBe("has");
    expect(await isLocked(cache)).toBe(true);
    expect(await takeBuildLock(cache)).toBeUndefined();
    await first.kill();
    expect(await isLocked(cache)).toBe(false);
    const answers = await Promise.all(others.map((other) => other.take()));
    expect(answers.sort()).toEqual(["has", "not", "not"]);
  } finally {
    await Promise.all([first, ...others].map((taker) => taker.kill()));
  }
});
