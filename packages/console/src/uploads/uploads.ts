import { type QueueItem, type TokenAnswer, UploadError, UploadQueue, type UploadTask } from "@sluice/client";
import { isRetryable } from "@sluice/client/error-text";
import { useSyncExternalStore } from "react";
import { call } from "../api/call.ts";
import { asProblem } from "../api/problem.ts";
import { onSignOut, untilSignedIn } from "../door/session.ts";
import { tellChange } from "../library/changes.ts";
import { joinPath } from "../library/library-state.ts";
import { versionOf } from "./version-of.ts";

/** The uploads of this page. They go on while other views are shown, and end with the session. */
const queue = new UploadQueue({
  endpoint: location.origin,
  // A restart of the server takes seconds, and uploads outlast it.
  retries: 8,
  // Uploads don't take the session's cookie. Each gets a token of its own.
  getToken: async ({ uploadPayload }, signal) => {
    for (;;) {
      try {
        const { body } = await call("POST /_sluice/console/upload-tokens", { body: { uploadPayload } }, signal);
        return body as TokenAnswer;
      } catch (error) {
        const { message, status, isPassing, isSignedOut, reason = unanswered(status) } = asProblem(error);
        // The server's sentences are for developers.
        if (!isSignedOut) throw new UploadError(reason, message, { status, retryable: isPassing, source: "server" });
        await untilSignedIn(signal);
      }
    }
  },
});

/** The reason of a request that the server gave none for. */
function unanswered(status: number): string {
  return status === 0 ? "NETWORK" : "TOKEN_ENDPOINT";
}

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

onSignOut(() => {
  for (const task of queue.tasks) queue.remove(task);
  // The next session's uploads begin at once, also after a pause in this one.
  queue.resume();
  tasks = queue.tasks;
  tell();
});

export function isUnderWay({ state }: UploadTask): boolean {
  return !["done", "failed", "canceled"].includes(state);
}

/** The bytes that have arrived. */
export function loadedOf({ state, loaded, total }: UploadTask): number {
  return state === "done" ? total : Math.min(loaded, total);
}

/** Whether the upload was refused because a file of its name is there. */
export function isTaken({ state, error }: UploadTask): boolean {
  return state === "failed" && error?.reason === "FILE_ALREADY_EXISTS";
}

/** Whether another attempt may succeed. Where a job works on the folder, it ends. */
export function mayRetry(task: UploadTask): boolean {
  return isRetryable(task) || (task.state === "failed" && task.error?.status === 423);
}

/** A file with the folder, below the one that was chosen, in which it was found. */
export interface FoundFile {
  readonly file: File;
  /** An empty text for a file that stood in no folder. */
  readonly folder: string;
}

/** Uploads files into a folder of the library. Each keeps its name, and none takes another file's place unasked. */
export function startUploads(into: string, found: readonly FoundFile[]): void {
  for (const { file, folder } of found) {
    const target = folder === "" ? into : joinPath(into, folder);
    queue.add({ file, fileName: file.name, folder: target, useUniqueFileName: false, overwriteFile: false });
  }
}

/** Uploads a file under another name, because its own is taken. */
export function keepBoth(task: UploadTask): void {
  replace(task, { ...task.options, useUniqueFileName: true, overwriteFile: true });
}

/** Uploads a file as a new version of the file of its name, whose other details stay. */
export async function addAsVersion(task: UploadTask): Promise<void> {
  replace(task, { ...task.options, ...(await versionOf(task.options)) });
}

function replace(task: UploadTask, item: QueueItem): void {
  queue.remove(task);
  queue.add(item);
}

export const uploads = {
  pause: () => queue.pause(),
  resume: () => queue.resume(),
  cancel: () => queue.cancel(),
  remove(task: UploadTask): void {
    queue.remove(task);
    tasks = queue.tasks;
    tell();
  },
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
