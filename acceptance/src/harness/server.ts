import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dropEngines, engineSettings, prepareEngines } from "./engines.ts";
import { holdAnswers, launch, type StartedServer, sluiceCommand, untilReady } from "./launch.ts";
import { runInHost } from "./program-in-host.ts";

/** Test keys; a private key may end in `=`. */
export const keys = { publicKey: "public_test", privateKey: "private_test=" } as const;

export interface RunningServer extends StartedServer {
  /** The address on which it listens, also where `--public-url` has another one. */
  readonly url: string;
  readonly dataDir: string;
  /** Ends the server as SIGTERM does. @returns the exit code, once the server has ended */
  stop(): Promise<number | null>;
}

export interface ServerProcess extends RunningServer {
  readonly process: ChildProcess;
  /** Sends SIGKILL, so that the server has no chance to clean up. */
  kill(): Promise<void>;
}

export interface ServerOptions {
  /** A folder to use and keep. Without it the server gets a temporary folder, which is removed when the server ends. */
  readonly dataDir?: string;
  readonly flags?: readonly string[];
  /** Settings by their variables. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface ProcessOptions extends ServerOptions {
  /** A command that runs the command line after it and becomes the server, such as `strace -D …`. */
  readonly through?: readonly string[];
  /** The arguments with which Node runs another version, whose answers are not those of this API's reference. */
  readonly program?: readonly string[];
}

/**
 * Servers share a process with those of the test files before (`npm test`). A start takes a third of the processor time
 * then, and requests run code that is compiled already. The soak starts the servers of the same files as processes.
 */
const areHosted = process.env.SLUICE_TEST_HOST === "shared";

/** The flag with which a server is more than one process. */
const needingProcess = "--workers";

/**
 * Starts a server with the settings that an operator might give it, on a free port, and waits until it says that it is
 * ready. A test that looks at its process, or starts more than one on the same data, starts it by `startServerProcess`.
 */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  if (!areHosted || options.flags?.includes(needingProcess)) return startServerProcess(options);
  const place = await preparePlace(options);
  const program = runInHost("servers", place.serve, place.environment);
  const exited = program.ended.then(({ code }) => code);
  const started = await untilReady(exited, program.onOutput).catch(place.giveUp);
  holdAnswers(started);
  return {
    ...started,
    dataDir: place.dataDir,
    async stop() {
      program.shutDown();
      const code = await exited;
      await place.remove();
      return code;
    },
  };
}

/** Starts the server as an operator would, in a process of its own. */
export async function startServerProcess(options: ProcessOptions = {}): Promise<ServerProcess> {
  const place = await preparePlace(options);
  const { through = [], program = sluiceCommand } = options;
  const [command = process.execPath, ...args] = [...through, process.execPath, ...program, ...place.serve];
  const launched = await launch(command, args, {
    environment: place.environment,
    hasOwnApi: options.program !== undefined,
  }).catch(place.giveUp);
  const { process: child, exited } = launched;
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    const code = await exited;
    await place.remove();
    return code;
  };
  return {
    ...launched,
    dataDir: place.dataDir,
    stop: () => end("SIGTERM"),
    kill: async () => void (await end("SIGKILL")),
  };
}

/** Most servers of tests make no picture, or few. An earlier version may not know the limit. */
const fewProcesses = { SLUICE_LIMITS: "images-spare=0" };

/** Makes the data folder and the engines for a server. */
async function preparePlace({
  dataDir: given,
  flags = [],
  environment = {},
  program,
}: ServerOptions & Pick<ProcessOptions, "program">) {
  const dataDir = given ?? (await mkdtemp(join(tmpdir(), "sluice-acceptance-")));
  const remove = async (): Promise<void> => {
    if (given !== undefined) return;
    await dropEngines(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  };
  await prepareEngines(dataDir);
  const folder = ["--data-dir", dataDir];
  const pair = ["--public-key", keys.publicKey, "--private-key", keys.privateKey];
  return {
    dataDir,
    serve: ["serve", "--port", "0", ...folder, ...pair, ...flags],
    environment: { ...engineSettings(dataDir), ...(program === undefined && fewProcesses), ...environment },
    remove,
    async giveUp(error: unknown): Promise<never> {
      await remove();
      throw error;
    },
  };
}
