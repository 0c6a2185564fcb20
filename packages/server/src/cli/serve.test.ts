import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import type { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { runProgram } from "./program.ts";

test("sluice serve ends with 1, in one line, when the database's writer can't be kept alive", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-serve-"));
  const printed: string[] = [];
  const codes: number[] = [];
  let first: Worker | undefined;
  let ready = false;
  const onWorker = (worker: Worker): void => {
    if (ready) void worker.terminate();
    else first = worker;
  };
  process.on("worker", onWorker);
  try {
    await runProgram(["serve", "--port", "0", "--data-dir", folder, "--log-level", "silent"], {
      environment: {},
      terminal: {
        print(line) {
          if (line !== "Sluice is ready.") return;
          ready = true;
          void first?.terminate();
        },
        printError: (line) => printed.push(line),
        interactive: true,
      },
      logDestination: new PassThrough(),
      setExitCode: (code) => codes.push(code),
      shutdown: new AbortController().signal,
    });
    expect(codes).toEqual([1]);
    expect(printed).toEqual(["sluice: The database's writer has ended."]);
  } finally {
    process.off("worker", onWorker);
    await rm(folder, { recursive: true });
  }
});
