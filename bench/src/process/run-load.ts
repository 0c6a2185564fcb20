import { json } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { LoadPlan, LoadResult } from "../load/plan.ts";
import { ended, spawnPinned, stop } from "./children.ts";

export interface LoadOptions {
  readonly core: number;
  readonly cwd: string;
  /** Ends the load client early. */
  readonly signal: AbortSignal;
}

const client = fileURLToPath(new URL("../load/client.ts", import.meta.url));
const standardError = 2;

/** Runs the load client, a process of its own, to its end. */
export async function runLoad(plan: LoadPlan, { core, cwd, signal }: LoadOptions): Promise<LoadResult> {
  signal.throwIfAborted();
  const child = spawnPinned([client], { cores: [core], cwd, environment: {}, errors: standardError });
  const onAbort = (): void => void stop(child);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    child.stdin.end(JSON.stringify(plan));
    const result = (await json(child.stdout).catch(() => undefined)) as LoadResult | undefined;
    const code = await ended(child);
    signal.throwIfAborted();
    if (code !== 0 || result === undefined) throw new Error(`the load client ended with ${code}`);
    return result;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
