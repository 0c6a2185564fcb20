import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { unsupportedCode, videoProgram } from "./index.ts";

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(videoProgram), ...args], { env: {} });
  return { status, stdout: stdout.toString(), stderr: stderr.toString() };
}

test("the program tells the version of its libraries", () => {
  expect(run("version")).toEqual({ status: 0, stdout: expect.stringMatching(/^8\.1/), stderr: "" });
});

test("what only FFmpeg can do ends the program with a code of its own, and is named", () => {
  const end = run("ffmpeg", "-stream_loop", "1", "-fd", "3", "-i", "fd:", "pipe:1");
  expect(end).toEqual({ status: unsupportedCode, stdout: "", stderr: "The option -stream_loop isn't known here\n" });
  expect(run("ffplay").status).toBe(unsupportedCode);
});

test("what can't be read ends it with another one", () => {
  expect(run("ffprobe", "-of", "json", "-fd", "99", "-i", "fd:")).toMatchObject({ status: 1, stdout: "" });
});
