import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { forgetAnswersOf, holdAnswersOf } from "./reference/watch-answers.ts";

/** The repository's root, with a slash at its end. */
export const root = fileURLToPath(new URL("../../../", import.meta.url));

const bundled = process.env.SLUICE_TEST_PROGRAM;

/**
 * The flags with which Node runs the `sluice` command. With the bundle that `npm test` makes, garbage is first collected
 * after 16 MB, which makes a start a tenth cheaper. V8 lets it come to that anyway, but starts with 1 MB.
 */
export const programFlags: readonly string[] = [
  "--conditions=sluice-source",
  ...(bundled ? ["--min-semi-space-size=16"] : []),
];

/** The arguments with which Node runs the `sluice` command: from the bundle, else from the sources. */
export const sluiceCommand: readonly string[] = [...programFlags, bundled || `${root}packages/server/src/main.ts`];

export interface StartedServer {
  readonly url: string;
  /** The exit code; null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Returns the server's output so far, on stdout and stderr. */
  output(): string;
}

export interface LaunchedServer extends StartedServer {
  readonly process: ChildProcess;
}

export interface LaunchOptions {
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** The command is no server of Sluice, so its answers are not those of the API's reference. */
  readonly hasOwnApi?: boolean;
  /** Gives the command a group of its own, to be ended as a whole: npx does not pass a signal on to what it runs. */
  readonly inGroup?: boolean;
}

/** Runs a command that starts a server, and waits until it says where it listens. The caller must end the server. */
export async function launch(
  command: string,
  args: readonly string[],
  options: LaunchOptions = {},
): Promise<LaunchedServer> {
  const child = spawn(command, args, {
    cwd: options.cwd ?? root,
    env: { ...process.env, ...options.environment },
    stdio: ["ignore", "pipe", "pipe"],
    detached: options.inGroup ?? false,
  });
  const exited = once(child, "exit").then(([code]) => code as number | null);
  const started = await untilReady(exited, (listener) => {
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", listener);
  });
  if (options.hasOwnApi !== true) holdAnswers(started);
  return { ...started, process: child };
}

/** Waits until a server says where it listens. */
export async function untilReady(
  exited: Promise<number | null>,
  onOutput: (listener: (text: string) => void) => void,
): Promise<StartedServer> {
  const { promise: ready, resolve } = Promise.withResolvers<string>();
  let output = "";
  onOutput((text) => {
    output += text;
    const url = /listening on\s+(https?:\S+)\n/.exec(output)?.[1];
    if (url !== undefined) resolve(url);
  });
  const url = await Promise.race([
    ready,
    exited.then(() => Promise.reject(new Error(`the server ended before it was ready:\n${output}`))),
  ]);
  return { url, exited, output: () => output };
}

/** Compares what the server answers to tests with the API's reference until it ends. */
export function holdAnswers({ url, exited }: Pick<StartedServer, "exited" | "url">): void {
  holdAnswersOf(url);
  void exited.then(() => forgetAnswersOf(url));
}
