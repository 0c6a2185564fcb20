import { json } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { DeliveryPlan, DeliveryResult } from "../delivery/plan.ts";
import type { LoadPlan, LoadResult } from "../load/plan.ts";
import { ended, spawnPinned, stop } from "./children.ts";

export interface LoadOptions {
  readonly core: number;
  readonly cwd: string;
  /** A signal that ends the load client early. */
  readonly signal: AbortSignal;
}

const clients = {
  uploads: fileURLToPath(new URL("../load/client.ts", import.meta.url)),
  delivery: fileURLToPath(new URL("../delivery/client.ts", import.meta.url)),
} as const;
const standardError = 2;

/** Runs a load client as a separate process to its end. */
export function runLoad(plan: LoadPlan, options: LoadOptions): Promise<LoadResult> {
  return runClient(clients.uploads, plan, options);
}

export function runDelivery(plan: DeliveryPlan, options: LoadOptions): Promise<DeliveryResult> {
  return runClient(clients.delivery, plan, options);
}

async function runClient<Result>(client: string, plan: object, { core, cwd, signal }: LoadOptions): Promise<Result> {
  signal.throwIfAborted();
  const child = spawnPinned([client], { cores: [core], cwd, environment: {}, errors: standardError });
  const onAbort = (): void => void stop(child);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    child.stdin.end(JSON.stringify(plan));
    const result = (await json(child.stdout).catch(() => undefined)) as Result | undefined;
    const code = await ended(child);
    signal.throwIfAborted();
    if (code !== 0 || result === undefined) throw new Error(`the load client ended with ${code}`);
    return result;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
