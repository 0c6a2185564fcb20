import { EventEmitter, once } from "node:events";
import { MessageChannel, Worker } from "node:worker_threads";
import type { StartWriterThread } from "../sqlite/writer.ts";
import type { Closed, NextDatabase } from "./shared-writer-thread.ts";

/** The threads that have no database now. */
const idle: Worker[] = [];

/**
 * Gives a database's writer a thread that has written for other databases before. To start a thread for each of hundreds
 * of tests took most of the processor time of the short ones.
 */
export const shareWriterThread: StartWriterThread = (data) => {
  const worker = idle.pop() ?? new Worker(new URL("./shared-writer-thread.ts", import.meta.url));
  worker.ref();
  const { port1: port, port2 } = new MessageChannel();
  const thread = new EventEmitter();
  port.on("message", (reply) => thread.emit("message", reply));
  worker.on("error", (error) => thread.emit("error", error));
  const left = Promise.withResolvers<"closed" | "ended">();
  worker.on("exit", () => left.resolve("ended"));
  worker.on("message", ({ failure }: Closed) => {
    if (failure !== undefined) thread.emit("error", failure);
    left.resolve("closed");
  });
  // All that the thread has sent comes before its port closes.
  void Promise.all([left.promise, once(port, "close")]).then(([how]) => {
    for (const event of ["error", "exit", "message"]) worker.removeAllListeners(event);
    worker.unref();
    if (how === "closed") idle.push(worker);
    thread.emit("exit");
  });
  worker.postMessage({ data, port: port2 } satisfies NextDatabase, [port2]);
  return Object.assign(thread, { postMessage: (request: unknown) => port.postMessage(request) });
};
