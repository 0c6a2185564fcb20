import { runProgram } from "../program.ts";

export interface CommandRun {
  readonly code: number;
  readonly printed: string;
  readonly errors: string;
}

export interface RunOptions {
  /** Whether a person reads what is printed. */
  readonly interactive?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether the process has been told to restart its workers before the command began. */
  readonly toldToRestart?: boolean;
  /** Ends the command, as SIGTERM does, once it has printed a line for which this is true. */
  readonly endAfter?: (line: string) => boolean;
}

/** Runs a command in this process to its end. */
export async function runCommand(args: readonly string[], options: RunOptions = {}): Promise<CommandRun> {
  const printed: string[] = [];
  const errors: string[] = [];
  let code = 0;
  const shutdown = new AbortController();
  await runProgram(args, {
    environment: options.environment ?? {},
    terminal: {
      print(line) {
        printed.push(line);
        if (options.endAfter?.(line) === true) shutdown.abort();
      },
      printError: (line) => void errors.push(line),
      interactive: options.interactive ?? false,
    },
    logDestination: { write: () => undefined },
    setExitCode(value) {
      code = value;
    },
    shutdown: shutdown.signal,
    onRestart(listener) {
      const variables = options.environment ?? {};
      if (options.toldToRestart) listener(() => ({ variables, take: () => () => undefined }));
    },
  });
  return { code, printed: printed.join("\n"), errors: errors.join("\n") };
}
