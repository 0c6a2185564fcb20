import { parentPort, workerData } from "node:worker_threads";
import { doLoop, type Loop } from "./loops.ts";
import type { Raster } from "./raster.ts";

export interface LoopThreadData {
  readonly raster: Raster;
  readonly loop: Loop;
}

const { raster, loop } = workerData as LoopThreadData;
/** The one message that the thread sends. */
const done: Raster = doLoop(raster, loop);
parentPort?.postMessage(done, [done.data.buffer]);
