import { inStage } from "../observability/request-stages.ts";
import type { BlobStore } from "./blob-store.ts";

/** The same store, whose time is told to the requests that wait for it. A stream's own time is not: its reader sets it. */
export function timedBlobStore(blobs: BlobStore): BlobStore {
  const { localFolder, redirect, sharedFiles, partial, leavesUnfinished } = blobs;
  const readWhole = blobs.readWhole?.bind(blobs);
  const localPath = blobs.localPath?.bind(blobs);
  return {
    ...(localFolder !== undefined && { localFolder }),
    ...(leavesUnfinished !== undefined && { leavesUnfinished }),
    ...(readWhole !== undefined && {
      readWhole: (key, size, signal) => inStage("storage", () => readWhole(key, size, signal)),
    }),
    ...(localPath !== undefined && { localPath }),
    redirect,
    sharedFiles,
    partial,
    put: (key, source, signal) => inStage("storage", () => blobs.put(key, source, signal)),
    size: (key, signal) => inStage("storage", () => blobs.size(key, signal)),
    read: (key, range, signal) => inStage("storage", () => blobs.read(key, range, signal)),
    delete: (key, signal) => inStage("storage", () => blobs.delete(key, signal)),
    list: (signal) => blobs.list(signal),
    removeUnfinished: (startedBefore, spared, signal) => blobs.removeUnfinished(startedBefore, spared, signal),
    check: (signal) => blobs.check(signal),
    close: () => blobs.close(),
  };
}
