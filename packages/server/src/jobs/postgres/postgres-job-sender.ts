import type { Connection } from "../../database/database.ts";
import { SluicePostgresAdapter } from "../../database/postgres/postgres-adapter.ts";
import type { JobObserver } from "../job-queue.ts";
import { enqueueThrough, newSender } from "./boss.ts";

export interface JobSender {
  close(): Promise<void>;
}

/**
 * Lets the database's transactions put jobs into a queue that another process has opened and runs. It takes no
 * connections of its own.
 */
export async function openPostgresJobSender(
  connection: Connection,
  observer: Pick<JobObserver, "troubled">,
): Promise<JobSender> {
  const { adapter } = connection.getExecutor();
  if (!(adapter instanceof SluicePostgresAdapter)) throw new Error("This queue needs a database on PostgreSQL.");
  const boss = newSender(connection);
  boss.on("error", (error) => observer.troubled(error));
  boss.on("warning", ({ message }) => observer.troubled(new Error(message)));
  await boss.start();
  const endEnqueuing = enqueueThrough(boss, adapter);
  return {
    async close() {
      endEnqueuing();
      await boss.stop({ graceful: false });
    },
  };
}
