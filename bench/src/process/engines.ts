import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startPostgres } from "../../../scripts/services/postgres.ts";
import { startS3 } from "../../../scripts/services/s3.ts";
import { stop } from "./children.ts";

const receiver = fileURLToPath(new URL("../servers/receiver.ts", import.meta.url));

/** Engines are started anew for each run, so that no run finds another's data. They run on this process's core. */
const engines = {
  async postgres() {
    const server = await startPostgres({ durable: true });
    return { url: server.url, environment: {}, stop: () => server.stop() };
  },
  async s3() {
    const gateway = await startS3();
    return { url: gateway.storageUrl, environment: gateway.environment, stop: () => gateway.stop() };
  },
  /** The receiver of webhooks. */
  async receiver() {
    const child = spawn(process.execPath, [receiver], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const url = /http:\S+/.exec(line.toString())?.[0] ?? "";
    return { url, environment: {}, stop: async () => void (await stop(child)) };
  },
} as const;

export type EngineName = keyof typeof engines;
export type EngineUrls = { readonly [Name in EngineName]?: string };

export interface RunningEngines {
  readonly urls: EngineUrls;
  /** Environment variables for the program that uses the engines. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export async function startEngines(names: readonly EngineName[]): Promise<RunningEngines> {
  const running: { readonly name: EngineName; readonly engine: Awaited<ReturnType<(typeof engines)[EngineName]>> }[] =
    [];
  const stopAll = async (): Promise<void> => {
    for (const { engine } of running.splice(0)) await engine.stop();
  };
  try {
    for (const name of names) running.push({ name, engine: await engines[name]() });
  } catch (error) {
    await stopAll();
    throw error;
  }
  return {
    urls: Object.fromEntries(running.map(({ name, engine }) => [name, engine.url])),
    environment: Object.assign({}, ...running.map(({ engine }) => engine.environment)),
    stop: stopAll,
  };
}
