import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { startWork } from "../image/pixels/work.ts";
import { runProcess } from "./run-process.ts";

const folder = pathToFileURL(`${await mkdtemp(join(tmpdir(), "run-process-"))}/`);
afterAll(() => rm(folder, { recursive: true }));

const late = "too late";
const limits = { milliseconds: 5000, memoryBytes: 2 ** 30 };

test("a process that the system refuses at once can be asked for again", async () => {
  const program = new URL("never-started.ts", import.meta.url);
  // Linux refuses an argument of this length, and Node throws that at once, as it does where there is no memory.
  const task = { program, arguments: ["a".repeat(300_000)], input: new Uint8Array(), limits, late, maxOutputBytes: 1 };
  await expect(runProcess(task, startWork(new AbortController().signal, limits))).rejects.toMatchObject({
    name: "MediaError",
    code: "EBUSY",
  });
});

test("a process that writes more than it may is ended, and one that writes no more is heard", async () => {
  const writing = (text: string) => new URL(`${text}.mjs`, folder);
  for (const [name, program] of [
    [
      "endless",
      'for (;;) if (!process.stdout.write("a".repeat(65536))) await new Promise((done) => process.stdout.once("drain", done));',
    ],
    ["right", 'process.stdout.write("a".repeat(1000));'],
  ] as const) {
    await writeFile(writing(name), program);
  }
  const run = (name: string) => {
    const task = { program: writing(name), arguments: [], input: new Uint8Array(), limits, late, maxOutputBytes: 1000 };
    return runProcess(task, startWork(new AbortController().signal, limits));
  };
  await expect(run("endless")).rejects.toMatchObject({ name: "MediaError", code: "ELIMIT" });
  expect((await run("right")).output.length).toBe(1000);
});
