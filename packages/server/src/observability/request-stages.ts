import { AsyncLocalStorage } from "node:async_hooks";

/**
 * The stages of a request. They may overlap: `render` contains the wait for a turn and the reading of the source.
 * `client`: the server waited for bytes of the request. `send`: the answer had begun, and its rest was on its way.
 */
export type Stage = "client" | "database" | "storage" | "render" | "send";

/** The time in ms that one request has spent in each stage. */
export class RequestStages {
  readonly #ms = new Map<Stage, number>();

  add(stage: Stage, ms: number): void {
    this.#ms.set(stage, this.in(stage) + ms);
  }

  in(stage: Stage): number {
    return this.#ms.get(stage) ?? 0;
  }

  /** The stages that took a millisecond or longer, rounded. */
  whole(): Partial<Record<Stage, number>> {
    const rounded = [...this.#ms].map(([stage, ms]) => [stage, Math.round(ms)] as const);
    return Object.fromEntries(rounded.filter(([, ms]) => ms > 0));
  }
}

/** Finds the stages of the request that some work is done for, so that no code below has to hand them on. */
const current = new AsyncLocalStorage<RequestStages>();

/** Runs the rest of a request, whose work adds to these stages. */
export function withStages(stages: RequestStages, rest: () => void): void {
  current.run(stages, rest);
}

/** Adds to the current request's stages, if a request is served. */
export function addToStage(stage: Stage, ms: number): void {
  current.getStore()?.add(stage, ms);
}

/** Adds the time that the work takes to the current request's stages. */
export async function inStage<Result>(stage: Stage, work: () => Promise<Result>): Promise<Result> {
  const stages = current.getStore();
  if (stages === undefined) return work();
  const began = performance.now();
  try {
    return await work();
  } finally {
    stages.add(stage, performance.now() - began);
  }
}
