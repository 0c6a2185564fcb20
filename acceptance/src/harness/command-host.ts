import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { CommandResult } from "./command.ts";
import { root } from "./launch.ts";

// A process that runs one `sluice` command after another, for command-in-host.ts.

export interface CommandOrder {
  readonly id: number;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

export interface CommandReport {
  readonly id: number;
  readonly result: CommandResult;
}

interface Terminal {
  print(line: string): void;
  printError(line: string): void;
  readonly interactive: boolean;
}

/** The part of a command's context that main.ts fills in for a real process. */
interface Context {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  readonly logDestination: { write(text: string): void };
  readonly setExitCode: (code: number) => void;
  readonly shutdown: AbortSignal;
}

const bundled = process.env.SLUICE_TEST_PROGRAM;
const program = bundled ? join(dirname(bundled), "program.js") : join(root, "packages/server/src/cli/program.ts");
const { runProgram } = (await import(pathToFileURL(program).href)) as {
  runProgram(args: readonly string[], context: Context): Promise<void>;
};

async function run({ args, environment }: CommandOrder): Promise<CommandResult> {
  const out: string[] = [];
  const problems: string[] = [];
  let code = 0;
  const terminal = {
    print: (line: string) => void out.push(`${line}\n`),
    printError: (line: string) => void problems.push(`${line}\n`),
    interactive: false,
  };
  const context = {
    environment: { ...process.env, ...environment },
    terminal,
    logDestination: { write: (text: string) => void problems.push(text) },
    setExitCode(given: number) {
      code = given;
    },
    shutdown: new AbortController().signal,
  };
  await runProgram(args, context).catch((error: unknown) => {
    terminal.printError(error instanceof Error ? (error.stack ?? error.message) : String(error));
    code = 1;
  });
  return { code, stdout: out.join(""), stderr: problems.join("") };
}

// As main.ts does: the database holds private keys.
process.umask(0o077);
process.on("message", (order: CommandOrder) => {
  void run(order).then((result) => process.send?.({ id: order.id, result } satisfies CommandReport));
});
process.on("disconnect", () => process.exit());
