import { type MessagePort, parentPort } from "node:worker_threads";
import { runWriter, type WriterData } from "../sqlite/run-writer.ts";

/** The database that the thread is to write next, and the port over which its writer asks for that. */
export interface NextDatabase {
  readonly data: WriterData;
  readonly port: MessagePort;
}

/** The thread has closed its database, and may be given another one. */
export interface Closed {
  /** The reason why the database could not be opened. */
  readonly failure: unknown;
}

parentPort?.on("message", async ({ data, port }: NextDatabase) => {
  let failure: unknown;
  port.once("close", () => parentPort?.postMessage({ failure } satisfies Closed));
  try {
    await runWriter(port, data);
  } catch (error) {
    failure = error;
    port.close();
  }
});
