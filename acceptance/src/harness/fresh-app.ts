import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "../../../scripts/services/free-port.ts";
import { runProgram } from "./command.ts";
import { keys } from "./server.ts";

/** An application in a new folder, with packages that npm has installed there. */
export interface FreshApp {
  readonly folder: string;
  /** The time that npm took. */
  readonly installMs: number;
  write(file: string, content: string): Promise<void>;
  /** Runs one of its programs to the end. @throws with what it has said, where that was not well */
  run(command: string, ...args: string[]): Promise<string>;
  /** Starts one of its programs as a server, which gets its port as `PORT`. */
  serve(command: string, ...args: string[]): Promise<ServedApp>;
  remove(): Promise<void>;
}

export interface ServedApp {
  readonly url: string;
  stop(): Promise<void>;
}

const environment = { PUBLIC_KEY: keys.publicKey, PRIVATE_KEY: keys.privateKey, NEXT_TELEMETRY_DISABLED: "1" };

/** Installs packages into a new application, from the registry and from tarballs. */
export async function installFreshApp(packages: readonly string[]): Promise<FreshApp> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-fresh-"));
  const write = async (file: string, content: string): Promise<void> => {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), content);
  };
  const run = async (command: string, ...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await runProgram(command, args, { cwd: folder, environment }, 300_000);
    if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${stdout}${stderr}`);
    return stdout;
  };
  await write("package.json", JSON.stringify({ name: "fresh", private: true, type: "module" }));
  const before = performance.now();
  await run("npm", "install", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error", ...packages);
  return {
    folder,
    installMs: performance.now() - before,
    write,
    run,
    serve: async (command, ...args) => serveApp(folder, command, args),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function serveApp(folder: string, command: string, args: readonly string[]): Promise<ServedApp> {
  const port = await freePort();
  const env = { ...process.env, ...environment, PORT: String(port) };
  const child = spawn(command, args, { cwd: folder, env, stdio: ["ignore", "inherit", "inherit"], detached: true });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async (): Promise<void> => {
    // Some of these programs start others, and leave them behind when they are ended alone.
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid);
    await exited;
  };
  const url = `http://127.0.0.1:${port}`;
  for (const end = Date.now() + 60_000; ; await wait(100)) {
    const answers = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answers) return { url, stop };
    if (Date.now() > end || child.exitCode !== null) {
      await stop();
      throw new Error(`${command} ${args.join(" ")} does not answer`);
    }
  }
}
