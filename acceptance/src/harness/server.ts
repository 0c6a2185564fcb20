import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dropEngines, engineSettings, prepareEngines } from "./engines.ts";
import { launch, sluiceCommand } from "./launch.ts";
import { listeningUrl } from "./listening-url.ts";

/** Test keys; a private key may end in `=`. */
export const keys = { publicKey: "public_test", privateKey: "private_test=" } as const;

export interface RunningServer {
  /** The address on which it listens, also where `--public-url` has another one. */
  readonly url: string;
  readonly dataDir: string;
  readonly process: ChildProcess;
  /** The exit code; null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Returns the server's output so far, on stdout and stderr. */
  output(): string;
  /** Sends SIGTERM. @returns the exit code, once the server has ended */
  stop(): Promise<number | null>;
  /** Sends SIGKILL, so that the server has no chance to clean up. */
  kill(): Promise<void>;
}

export interface ServerOptions {
  /** A folder to use and keep. Without it the server gets a temporary folder, which is removed when the server ends. */
  readonly dataDir?: string;
  readonly flags?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** A command that runs the command line after it and becomes the server, such as `strace -D …`. */
  readonly through?: readonly string[];
  /** The arguments with which Node runs another version, whose answers are not those of this API's reference. */
  readonly program?: readonly string[];
}

/** Starts the server as an operator would, on a free port, and waits until it says that it is ready. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "sluice-acceptance-")));
  const configured = [
    "--port",
    "0",
    "--data-dir",
    dataDir,
    "--public-key",
    keys.publicKey,
    "--private-key",
    keys.privateKey,
  ];
  const remove = async (): Promise<void> => {
    if (options.dataDir !== undefined) return;
    await dropEngines(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  };
  await prepareEngines(dataDir);
  const [command = process.execPath, ...before] = [...(options.through ?? []), process.execPath];
  const launched = await launch(
    command,
    [...before, ...(options.program ?? sluiceCommand), "serve", ...configured, ...(options.flags ?? [])],
    {
      environment: { ...engineSettings(dataDir), ...options.environment },
      hasOwnApi: options.program !== undefined,
    },
  ).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  const { process: child, exited, output } = launched;
  const hasOtherUrl = options.flags?.includes("--public-url") === true;
  const url = hasOtherUrl ? await listeningUrl(child.pid as number) : launched.url;
  return {
    url,
    dataDir,
    process: child,
    exited,
    output,
    async stop() {
      child.kill("SIGTERM");
      const code = await exited;
      await remove();
      return code;
    },
    async kill() {
      child.kill("SIGKILL");
      await exited;
      await remove();
    },
  };
}
