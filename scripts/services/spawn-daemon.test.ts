import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const script = `
  import { spawnDaemon } from "./scripts/services/spawn-daemon.ts";
  const { pid } = spawnDaemon("sleep", ["60"], { whenOrphaned: "KILL", stdio: "ignore" });
  process.stdout.write(pid + "\\n");
  setInterval(() => undefined, 1000);
`;

/** Whether the process exists and is not a zombie. */
const runs = (pid: number): boolean => existsSync(`/proc/${pid}/exe`);

async function firstLine(child: ChildProcess): Promise<string> {
  const [chunk] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
  return chunk.toString().trim();
}

test.runIf(process.platform === "linux")("a daemon does not outlive a kill -9 of its starter", async () => {
  const starter = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const pid = Number(await firstLine(starter));
  // Before the process runs its program, it has not yet arranged to end with its starter.
  await expect.poll(() => readFileSync(`/proc/${pid}/comm`, "utf8")).toBe("sleep\n");
  starter.kill("SIGKILL");
  await once(starter, "exit");
  await expect.poll(() => runs(pid)).toBe(false);
});
