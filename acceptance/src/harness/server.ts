import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Test keys; a private key may end in `=`. */
export const keys = { publicKey: "public_test", privateKey: "private_test=" } as const;

export interface RunningServer {
  readonly url: string;
  readonly dataDir: string;
  readonly process: ChildProcess;
  /** What it has printed so far, both streams. */
  output(): string;
  /** SIGTERM, and the exit code once it is gone. */
  stop(): Promise<number | null>;
  /** SIGKILL: no chance to clean up. */
  kill(): Promise<void>;
}

export interface ServerOptions {
  /** Kept when given; otherwise a temporary folder that goes with the server. */
  readonly dataDir?: string;
  readonly flags?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
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
  const child = spawn(
    process.execPath,
    ["--conditions=sluice-source", "packages/server/src/main.ts", "serve", ...configured, ...(options.flags ?? [])],
    { cwd: root, env: { ...process.env, ...options.environment }, stdio: ["ignore", "pipe", "pipe"] },
  );
  const exited = once(child, "exit");
  let output = "";
  child.stdout.on("data", (text) => {
    output += text;
  });
  child.stderr.on("data", (text) => {
    output += text;
  });
  const url = await Promise.race([
    readUrl(child),
    exited.then(() => Promise.reject(new Error(`the server ended before it was ready:\n${output}`))),
  ]);
  const remove = async (): Promise<void> => {
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
  };
  return {
    url,
    dataDir,
    process: child,
    output: () => output,
    async stop() {
      child.kill("SIGTERM");
      await exited;
      await remove();
      return child.exitCode;
    },
    async kill() {
      child.kill("SIGKILL");
      await exited;
      await remove();
    },
  };
}

async function readUrl(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("no output to read");
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /listening on\s+(\S+)/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  return new Promise(() => undefined);
}
