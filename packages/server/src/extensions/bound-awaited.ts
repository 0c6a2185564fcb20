import type { ExtensionProvider } from "./provider.ts";

/**
 * Wraps a provider so that no answer waits for it while `most` other tasks are under way. A task beyond that limit is
 * left to its job. Jobs are limited by their own number.
 */
export function boundAwaited(provider: ExtensionProvider, max: number): ExtensionProvider {
  let underWay = 0;
  return {
    async run(task, use, signal) {
      if (task.awaited && underWay >= max) throw new Error(`too many ${task.extension.name} are waited for`);
      underWay += 1;
      try {
        return await provider.run(task, use, signal);
      } finally {
        underWay -= 1;
      }
    },
  };
}
