import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./launch.ts";

// A process that runs `sluice` commands, servers among them, for program-in-host.ts.

export type HostOrder =
  | {
      readonly id: number;
      readonly run: readonly string[];
      /** Variables of the environment, besides those of this process. */
      readonly environment: Readonly<Record<string, string>>;
    }
  | {
      readonly id: number;
      /** As SIGTERM does for a process of its own. */
      readonly shutdown: true;
    };

export type HostReport =
  | { readonly id: number; readonly stream: "stdout" | "stderr"; readonly text: string }
  | { readonly id: number; readonly code: number };

/** The part of a command's context that main.ts fills in for a real process. */
interface Context {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly terminal: { print(line: string): void; printError(line: string): void; readonly interactive: boolean };
  readonly logDestination: { write(text: string): void };
  readonly setExitCode: (code: number) => void;
  readonly shutdown: AbortSignal;
}

const bundled = process.env.SLUICE_TEST_PROGRAM;
const program = bundled ? join(dirname(bundled), "program.js") : join(root, "packages/server/src/cli/program.ts");
const { runProgram } = (await import(pathToFileURL(program).href)) as {
  runProgram(args: readonly string[], context: Context): Promise<void>;
};

/** The log reaches a test this late at most. A message for each line would cost more than most requests. */
const flushMs = 50;

/** The commands that run, each with what ends it. */
const running = new Map<number, AbortController>();

async function run(id: number, args: readonly string[], environment: NodeJS.ProcessEnv): Promise<void> {
  const shutdown = new AbortController();
  running.set(id, shutdown);
  let code = 0;
  let log = "";
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (log !== "") report({ id, stream: "stderr", text: log });
    log = "";
  };
  const print = (stream: "stdout" | "stderr") => (line: string) => {
    flush();
    report({ id, stream, text: `${line}\n` });
  };
  const terminal = { print: print("stdout"), printError: print("stderr"), interactive: false };
  const context = {
    environment: { ...process.env, ...environment },
    terminal,
    logDestination: {
      write(text: string) {
        log += text;
        timer ??= setTimeout(flush, flushMs);
      },
    },
    setExitCode(given: number) {
      code = given;
    },
    shutdown: shutdown.signal,
  };
  try {
    await runProgram(args, context);
  } catch (error) {
    terminal.printError(error instanceof Error ? (error.stack ?? error.message) : String(error));
    code = 1;
  }
  flush();
  running.delete(id);
  report({ id, code });
}

function report(message: HostReport): void {
  process.send?.(message);
}

// As main.ts does: the database holds private keys.
process.umask(0o077);
process.on("message", (order: HostOrder) => {
  if ("run" in order) void run(order.id, order.run, order.environment);
  else running.get(order.id)?.abort();
});
process.on("disconnect", () => process.exit());
