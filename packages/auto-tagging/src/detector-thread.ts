import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parentPort } from "node:worker_threads";
import { setThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { type GraphModel, loadGraphModel } from "@tensorflow/tfjs-converter";
import { dispose, ready, setBackend, tensor4d } from "@tensorflow/tfjs-core";

/**
 * A worker thread that detects objects in pictures, one picture at a time. Everything it loads comes from installed
 * packages.
 */

export interface DetectorTask {
  /** A square RGB picture with the side `inputSize`. */
  readonly pixels: Uint8Array;
}

export type DetectorReply = { readonly rows: number[][] } | { readonly failed: string };

/** The side of the model's input picture, in pixels. */
const side = 512;
const output = "tower_0/detections";

const { resolve } = createRequire(import.meta.url);

const model = load();
parentPort?.on("message", async ({ pixels }: DetectorTask) => parentPort?.postMessage(await detect(pixels)));

async function load(): Promise<GraphModel> {
  setWasmPaths(`${dirname(resolve("@tensorflow/tfjs-backend-wasm"))}/`);
  // WASM runs in this thread alone and may not start further threads.
  setThreadsCount(1);
  await setBackend("wasm");
  await ready();
  const folder = join(dirname(dirname(resolve("@vladmandic/human"))), "models");
  const { modelTopology, weightsManifest, format, signature } = JSON.parse(
    await readFile(join(folder, "centernet.json"), "utf8"),
  );
  const weights = await readFile(join(folder, "centernet.bin"));
  const weightData = weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.byteLength) as ArrayBuffer;
  const weightSpecs = weightsManifest.flatMap((group: { readonly weights: readonly unknown[] }) => group.weights);
  return loadGraphModel({ load: async () => ({ modelTopology, weightSpecs, weightData, format, signature }) });
}

async function detect(pixels: Uint8Array): Promise<DetectorReply> {
  try {
    const loaded = await model;
    const input = tensor4d(Float32Array.from(pixels), [1, side, side, 3]);
    const result = loaded.execute(input, [output]);
    const [found] = Array.isArray(result) ? result : [result];
    try {
      const [rows = []] = ((await found?.array()) ?? []) as number[][][];
      return { rows };
    } finally {
      dispose([input, ...(found === undefined ? [] : [found])]);
    }
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}
