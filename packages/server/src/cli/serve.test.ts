import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import type { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { runProgram } from "./program.ts";
import { runCommand } from "./testing/run-command.ts";

async function inFolder(
  use: (serve: (...flags: string[]) => string[], folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-serve-"));
  try {
    await use((...flags) => ["serve", "--data-dir", folder, "--log-level", "silent", ...flags], folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const endAfter = (line: string) => line.startsWith("  documentation");

test("a start names the address that it listens on, and the public URL beside it where there is one", () =>
  inFolder(async (serve) => {
    const own = await runCommand(serve("--port", "0"), { endAfter });
    const address = /^ {2}listening on {3}(http:\/\/127\.0\.0\.1:\d+)$/m.exec(own.printed)?.[1] ?? "none";
    expect(own.printed).not.toContain("public URL");
    expect(own.printed).toMatch(new RegExp(`^  demo page      ${address}/_sluice/demo#secret=[\\w-]{43}$`, "m"));
    const shown = await runCommand(serve("--port", "0", "--public-url", "https://media.example"), { endAfter });
    expect(shown.printed).toMatch(
      /^ {2}listening on {3}http:\/\/127\.0\.0\.1:\d+\n {2}public URL {5}https:\/\/media\.example$/m,
    );
    expect(shown.printed).not.toContain("demo page");
    expect(shown.errors).toContain("open to everybody: metrics");
  }));

test("each start has a demo link of its own", () =>
  inFolder(async (serve) => {
    const links = [];
    for (let start = 0; start < 2; start++) {
      const { printed } = await runCommand(serve("--port", "0"), { endAfter });
      links.push(/#secret=(\S+)$/m.exec(printed)?.[1]);
    }
    expect(new Set(links).size).toBe(2);
    expect(links).not.toContain(undefined);
  }));

test("a port that is taken is one line with the command for another, which no variable is put into", () =>
  inFolder(async (serve) => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const environment = { PORT: String(port), npm_lifecycle_event: "start" };
    const { code, errors } = await runCommand(serve(), { environment });
    other.close();
    expect({ code, errors }).toEqual({
      code: 2,
      errors: `sluice: --host and PORT: 127.0.0.1 port ${port} is in use by another program: npm start -- --port ${port + 1} takes another port`,
    });
  }));

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
