import { on } from "node:events";
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { LaunchOptions, Subject } from "../subjects.ts";
import { spawnPinned, stop } from "./children.ts";
import type { EventLoopDelay } from "./event-loop-probe.ts";

export interface StartedServer {
  readonly pid: number;
  readonly port: number;
  /** The last part of the server's standard error. */
  lastErrors(): string;
  /** Ends the server. @returns the delay of its event loop */
  stop(): Promise<EventLoopDelay>;
}

export interface StartOptions extends LaunchOptions {
  readonly cores: readonly number[];
  readonly environment: Readonly<Record<string, string>>;
  readonly threads: number;
  /** An empty folder for the server's log and other output. */
  readonly folder: string;
  readonly nodeOptions: readonly string[];
  readonly signal: AbortSignal;
}

const probe = fileURLToPath(new URL("event-loop-probe.ts", import.meta.url));
/** The longest time for a start. Some servers first create their tables, on a core that others use as well. */
const startMs = 90_000;
const logTail = 2000;

/** Starts a subject on its cores and waits until it says where it listens. */
export async function startServer(
  subject: Pick<Subject, "title" | "command" | "node">,
  options: StartOptions,
): Promise<StartedServer> {
  const { cores, threads, folder, nodeOptions, signal } = options;
  const logPath = join(folder, "stderr.log");
  const eventLoopFolder = join(folder, "event-loop");
  mkdirSync(eventLoopFolder);
  const log = openSync(logPath, "w");
  const { peers } = options;
  if (subject.node !== undefined && peers === undefined)
    throw new Error(`${subject.title}: --peers has to say where it is`);
  const node = peers === undefined ? undefined : subject.node?.(peers);
  const child = spawnPinned(["--import", probe, ...nodeOptions, ...subject.command(options)], {
    cores,
    cwd: folder,
    environment: {
      ...options.environment,
      UV_THREADPOOL_SIZE: String(threads),
      BENCH_EVENT_LOOP_FOLDER: eventLoopFolder,
    },
    errors: log,
    node,
  });
  closeSync(log);
  child.stdin.end();
  const lastErrors = (): string => readFileSync(logPath, "utf8").slice(-logTail);
  try {
    const port = await listeningPort(child.stdout, AbortSignal.any([signal, AbortSignal.timeout(startMs)]));
    if (port === undefined || child.pid === undefined) {
      throw new Error(`${subject.title} ended before it was ready:\n${lastErrors()}`);
    }
    child.stdout.resume();
    return {
      pid: child.pid,
      port,
      lastErrors,
      async stop() {
        const code = await stop(child);
        if (code !== 0) throw new Error(`${subject.title} ended with ${code}:\n${lastErrors()}`);
        return worstOf(eventLoopFolder);
      },
    };
  } catch (error) {
    await stop(child);
    throw error;
  }
}

/** The worst delay among the server's processes. */
function worstOf(folder: string): EventLoopDelay {
  const delays = readdirSync(folder).map(
    (name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as EventLoopDelay,
  );
  const worst = delays.sort((a, b) => b.p999 - a.p999)[0];
  if (worst === undefined) throw new Error("the server has not told its event loop's delay");
  return worst;
}

/** @returns undefined when the output ended without naming a port */
async function listeningPort(output: Readable, signal: AbortSignal): Promise<number | undefined> {
  let text = "";
  for await (const [chunk] of on(output, "data", { signal, close: ["end"] })) {
    text += chunk;
    const port = /listening on\s+http:\/\/\S+:(\d+)\n/.exec(text)?.[1];
    if (port !== undefined) return Number(port);
  }
  return undefined;
}
