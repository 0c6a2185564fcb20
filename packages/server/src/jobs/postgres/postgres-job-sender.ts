import type { Connection } from "../../database/database.ts";
import type { JobObserver } from "../job-queue.ts";
import { enqueueThrough, externalQueueOf, newSender } from "./boss.ts";

export interface JobSender {
  close(): Promise<void>;
}

/**
 * Lets the database's transactions put jobs into a queue that another process has opened and runs. It opens no
 * connections of its own.
 */
export async function openPostgresJobSender(
  connection: Connection,
  observer: Pick<JobObserver, "troubled">,
): Promise<JobSender> {
  const queue = externalQueueOf(connection);
  const boss = newSender(connection);
  boss.on("error", (error) => observer.troubled(error));
  boss.on("warning", ({ message }) => observer.troubled(new Error(message)));
  await boss.start();
  const endEnqueuing = enqueueThrough(boss, queue);
  return {
    async close() {
      endEnqueuing();
      await boss.stop({ graceful: false });
    },
  };
}
