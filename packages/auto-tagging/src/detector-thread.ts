import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parentPort } from "node:worker_threads";
import { setThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { type GraphModel, loadGraphModel } from "@tensorflow/tfjs-converter";
import {
  dispose,
  div,
  image,
  ready,
  setBackend,
  sub,
  type Tensor,
  type Tensor4D,
  tensor4d,
  tidy,
} from "@tensorflow/tfjs-core";
import { distinctFaces, faceInputSide, facesOfRows } from "./face-rows.ts";
import { type FaceWindow, faceWindows } from "./face-windows.ts";
import type { FoundFace } from "./found.ts";

/**
 * A worker thread that looks at pictures, one at a time. Everything it loads comes from installed packages, and each
 * model is loaded when it is first used.
 */

export type DetectorTask =
  /** A square RGB picture with the side `inputSize`. */
  | { readonly kind: "objects"; readonly pixels: Uint8Array }
  /** An RGB picture. */
  | { readonly kind: "faces"; readonly pixels: Uint8Array; readonly width: number; readonly height: number };

export type DetectorReply =
  | { readonly objects: number[][] }
  | { readonly faces: FoundFace[] }
  | { readonly failed: string };

/** The side of the object model's input picture, in pixels. */
const side = 512;
const objectOutput = "tower_0/detections";
/** The outputs of the face model: scores and boxes, of the finer grid and of the coarser one. */
const faceOutputs = ["Identity", "Identity_1", "Identity_2", "Identity_3"];

const { resolve } = createRequire(import.meta.url);

const backend = startBackend();
const models = new Map<string, Promise<GraphModel>>();
parentPort?.on("message", async (task: DetectorTask) => parentPort?.postMessage(await detect(task)));

async function startBackend(): Promise<void> {
  setWasmPaths(`${dirname(resolve("@tensorflow/tfjs-backend-wasm"))}/`);
  // WASM runs in this thread alone and may not start further threads.
  setThreadsCount(1);
  await setBackend("wasm");
  await ready();
}

function model(name: "blazeface" | "centernet"): Promise<GraphModel> {
  const loaded = models.get(name) ?? load(name);
  models.set(name, loaded);
  return loaded;
}

async function load(name: string): Promise<GraphModel> {
  await backend;
  const folder = join(dirname(dirname(resolve("@vladmandic/human"))), "models");
  const { modelTopology, weightsManifest, format, signature } = JSON.parse(
    await readFile(join(folder, `${name}.json`), "utf8"),
  );
  const weights = await readFile(join(folder, `${name}.bin`));
  const weightData = weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.byteLength) as ArrayBuffer;
  const weightSpecs = weightsManifest.flatMap((group: { readonly weights: readonly unknown[] }) => group.weights);
  return loadGraphModel({ load: async () => ({ modelTopology, weightSpecs, weightData, format, signature }) });
}

async function detect(task: DetectorTask): Promise<DetectorReply> {
  try {
    return task.kind === "objects" ? { objects: await findObjects(task) } : { faces: await findFaces(task) };
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}

async function findObjects({ pixels }: Extract<DetectorTask, { kind: "objects" }>): Promise<number[][]> {
  const loaded = await model("centernet");
  const [[rows = []] = []] = await arraysOf(() =>
    loaded.execute(tensor4d(Float32Array.from(pixels), [1, side, side, 3]), [objectOutput]),
  );
  return rows;
}

async function findFaces(task: Extract<DetectorTask, { kind: "faces" }>): Promise<FoundFace[]> {
  const loaded = await model("blazeface");
  const { pixels, width, height } = task;
  const picture = tensor4d(Float32Array.from(pixels), [1, height, width, 3]);
  const found: FoundFace[] = [];
  try {
    for (const window of faceWindows(task)) {
      const outputs = await arraysOf(() => loaded.execute(partOf(picture, window), faceOutputs));
      // Which output is which shows in its form: one column of scores, or a box with its landmarks.
      const grids = outputs.map(([rows = []]) => rows).sort((one, other) => other.length - one.length);
      const scores = grids.filter(([row]) => row?.length === 1).flat(2);
      const boxes = grids.filter(([row]) => row?.length !== 1).flat();
      found.push(...facesOfRows(scores, boxes, window));
    }
  } finally {
    dispose(picture);
  }
  return distinctFaces(found);
}

/** A square part of a picture as the face model takes it. What reaches beyond the picture is black. */
function partOf(picture: Tensor4D, window: FaceWindow): Tensor {
  const corners = [[window.top, window.left, window.top + window.height, window.left + window.width]];
  const part = image.cropAndResize(picture, corners, [0], [faceInputSide, faceInputSide], "bilinear", 0);
  return sub(div(part, 127.5), 1);
}

/** Runs a model, and frees all that it took. */
async function arraysOf(execute: () => Tensor | Tensor[]): Promise<number[][][][]> {
  const outputs = [tidy(execute)].flat();
  try {
    return await Promise.all(outputs.map(async (output) => (await output.array()) as number[][][]));
  } finally {
    dispose(outputs);
  }
}
