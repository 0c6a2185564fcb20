import type { Metrics } from "../observability/metrics.ts";
import { addToStage } from "../observability/request-stages.ts";
import type { Database } from "./database.ts";

/**
 * Wraps the database so that each transaction is timed, and counted as soon as `run` has resolved: it is on disk then, or
 * has rolled itself back.
 */
export function countCommits(
  database: Database,
  { commits, transactions }: Pick<Metrics, "commits" | "transactions">,
): Database {
  return {
    ...database,
    async run(script, input) {
      const began = performance.now();
      try {
        const output = await database.run(script, input);
        commits.inc();
        return output;
      } finally {
        const ms = performance.now() - began;
        transactions.observe(ms / 1000);
        addToStage("database", ms);
      }
    },
  };
}
