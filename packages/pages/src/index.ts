export type {
  DocumentKind,
  LayerSelection,
  PageFacts,
  PageFailure,
  PagePixels,
  PageReply,
  PageSize,
  PageTask,
} from "./page-task.ts";

const moduleExtension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";

/** The module of the worker thread that does a `PageTask`, which is its `workerData`, and sends one `PageReply`. */
export const pageThread = new URL(`./page-thread${moduleExtension}`, import.meta.url);
