import type { Metrics } from "../observability/metrics.ts";
import type { Database, Transactions } from "./database.ts";

/** The database, with each transaction counted that is on disk. */
export function countCommits<Scripts extends Transactions>(
  database: Database<Scripts>,
  { commits }: Pick<Metrics, "commits">,
): Database<Scripts> {
  return {
    ...database,
    async run(name, input) {
      const output = await database.run(name, input);
      commits.inc();
      return output as never;
    },
  };
}
