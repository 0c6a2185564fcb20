import type { Metrics } from "../observability/metrics.ts";
import { addToStage } from "../observability/request-stages.ts";
import type { Database, Transactions } from "./database.ts";

/**
 * Wraps the database so that each transaction is timed, and counted as soon as `run` has resolved: it is on disk then, or
 * has rolled itself back.
 */
export function countCommits<Scripts extends Transactions>(
  database: Database<Scripts>,
  { commits, transactions }: Pick<Metrics, "commits" | "transactions">,
): Database<Scripts> {
  return {
    ...database,
    async run(script: never, input: never) {
      const began = performance.now();
      try {
        const output = await database.run(script, input);
        commits.inc();
        return output as never;
      } finally {
        const ms = performance.now() - began;
        transactions.observe(ms / 1000);
        addToStage("database", ms);
      }
    },
  };
}
