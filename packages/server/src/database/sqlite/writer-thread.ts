import { parentPort, workerData } from "node:worker_threads";
import { runWriter } from "./run-writer.ts";

if (parentPort === null) throw new Error("The writer runs as a worker thread.");
await runWriter(parentPort, workerData);
