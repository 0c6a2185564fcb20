import { sql } from "kysely";
import type { Engine, Outbox } from "../connection.ts";

/** The parts that all connections to one database share. */
export function postgresEngine(): Engine {
  let attached: Outbox | undefined;
  const queue = (): Outbox => {
    if (attached === undefined) throw new Error("The job queue is not open.");
    return attached;
  };
  return {
    rowLocks: true,
    settlesLater: false,
    textsOf: (list) => sql`json_array_elements_text(cast(${list} as json)) as texts (value)`,
    ownClock: true,
    outbox: {
      put: async (connection, job) => queue().put(connection, job),
      putAll: async (connection, jobs) => queue().putAll(connection, jobs),
      retryFailed: async (connection, jobs) => queue().retryFailed(connection, jobs),
    },
    externalQueue: {
      attach(outbox) {
        attached = outbox;
        return () => {
          if (attached === outbox) attached = undefined;
        };
      },
    },
  };
}
