import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { withStage } from "./stage.ts";

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "sluice-stage-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("the stage is inside the folder while the task runs, and gone when the task has failed", async () => {
  const folder = temporaryFolder();
  const seen = withStage(folder, async () => Promise.reject(new Error(String(readdirSync(folder).length))));
  await expect(seen).rejects.toThrow("1");
  expect(readdirSync(folder)).toEqual([]);
});

test("a process that is interrupted leaves no stage", async () => {
  const folder = temporaryFolder();
  const script = `
    import { withStage } from ${JSON.stringify(new URL("stage.ts", import.meta.url).href)};
    process.once("SIGINT", () => process.exit(1));
    await withStage(${JSON.stringify(folder)}, () => new Promise(() => setInterval(() => undefined, 1000)));`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], { stdio: "ignore" });
  const exited = once(child, "exit");
  await expect.poll(() => readdirSync(folder), { timeout: 20_000 }).toHaveLength(1);
  child.kill("SIGINT");
  expect(await exited).toEqual([1, null]);
  expect(readdirSync(folder)).toEqual([]);
});
