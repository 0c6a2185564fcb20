import type { SluiceDatabase } from "../app/transactions.ts";
import type { JobName } from "./job-table.ts";

/** The parts of transactions' inputs with which they put jobs into the queue, and which jobs. */
const enqueued: readonly (readonly [part: string, names: readonly JobName[]])[] = Object.entries({
  events: ["deliver-webhook"],
  extensions: ["run-extension"],
  origin: ["post-transformation"],
  /** What ends an extension. */
  runId: ["deliver-webhook"],
  /** A post-transformation that has ended. */
  job: ["deliver-webhook"],
});

/**
 * The database, with the queue told of each transaction that may have put jobs into it, so that they run at once instead
 * of at its next look. Told by the input alone: to look into the queue in vain is cheap.
 */
export function wakeAfterCommits(database: SluiceDatabase, wake: (name: JobName) => void): SluiceDatabase {
  return {
    ...database,
    async run(name, input) {
      const output = await database.run(name, input);
      const parts = input as Readonly<Record<string, unknown>> | undefined;
      for (const [part, names] of enqueued) {
        if (parts?.[part] !== undefined) names.forEach(wake);
      }
      return output as never;
    },
  };
}
