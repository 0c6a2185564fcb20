import { type TokenAnswer, UploadQueue, type UploadTask } from "@sluice/client";
import { useSyncExternalStore } from "react";
import { call } from "../api/call.ts";
import { tellChange } from "../library/changes.ts";
import { joinPath } from "../library/library-state.ts";

/** The uploads of this page. They go on while other views are shown. */
const queue = new UploadQueue({
  endpoint: location.origin,
  // Uploads don't take the session's cookie. Each gets a token of its own.
  getToken: async ({ uploadPayload }, signal) => {
    const { body } = await call("POST /_sluice/console/upload-tokens", { body: { uploadPayload } }, signal);
    return body as TokenAnswer;
  },
});

let tasks: readonly UploadTask[] = [];
let revision = 0;
const listeners = new Set<() => void>();

function tell(): void {
  revision++;
  for (const listener of listeners) listener();
}

/** Progress is shown at most once in a frame. */
let isFramePending = false;
queue.addEventListener("progress", () => {
  if (isFramePending) return;
  isFramePending = true;
  requestAnimationFrame(() => {
    isFramePending = false;
    tell();
  });
});
queue.addEventListener("change", () => {
  tasks = queue.tasks;
  tell();
});

/** Views show new files once some uploads have come to an end together. */
const refreshMs = 700;
let isRefreshPending = false;
queue.addEventListener("change", ({ detail: { task } }) => {
  if (task.state !== "done" || isRefreshPending) return;
  isRefreshPending = true;
  setTimeout(() => {
    isRefreshPending = false;
    tellChange({ kind: "changed" });
  }, refreshMs);
});

addEventListener("beforeunload", (event) => {
  if (queue.tasks.some(isUnderWay)) event.preventDefault();
});

export function isUnderWay({ state }: UploadTask): boolean {
  return !["done", "failed", "canceled"].includes(state);
}

/** A file with the folder, below the one that was chosen, in which it was found. */
export interface FoundFile {
  readonly file: File;
  /** An empty text for a file that stood in no folder. */
  readonly folder: string;
}

/** Uploads files into a folder of the library. Each keeps its name; a file of that name gets a new version. */
export function startUploads(into: string, found: readonly FoundFile[]): void {
  for (const { file, folder } of found) {
    const target = folder === "" ? into : joinPath(into, folder);
    queue.add({ file, fileName: file.name, folder: target, useUniqueFileName: false });
  }
}

export const uploads = {
  pause: () => queue.pause(),
  resume: () => queue.resume(),
  cancel: () => queue.cancel(),
  clear(): void {
    for (const task of queue.tasks.filter((each) => !isUnderWay(each))) queue.remove(task);
    tasks = queue.tasks;
    tell();
  },
};

/** The uploads, shown anew whenever one of them gets on. */
export function useUploads(): readonly UploadTask[] {
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => revision,
  );
  return tasks;
}
