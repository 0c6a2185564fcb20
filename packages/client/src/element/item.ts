import type { TaskState, UploadResponse, UploadTask } from "../types.ts";
import { isOffline } from "../waiting.ts";
import type { Problem } from "./check-file.ts";
import { errorText, isWorthRetrying } from "./errors.ts";
import type { Words } from "./words.ts";

/** `refused` means that the element's own checks refused the file, so there is no upload. */
export type ItemState = TaskState | "refused";

/** One file of the list, as the element's events and its `items` show it. */
export interface UploaderItem {
  readonly name: string;
  readonly size: number;
  /** The file is undefined if it was uploaded on an earlier visit. */
  readonly file?: File | undefined;
  readonly task?: UploadTask | undefined;
  readonly problem?: Problem | undefined;
  readonly restored?: UploadResponse | undefined;
}

/** The groups that the list and the summary distinguish. */
export type Group = "active" | "paused" | "done" | "failed" | "refused";

const groups: { readonly [state in ItemState]?: Group } = {
  paused: "paused",
  done: "done",
  failed: "failed",
  canceled: "failed",
  refused: "refused",
};

/**
 * Counts of files, in total and for each group. `share` is the part of their bytes that has arrived, 0 to 1.
 * `retryable` counts the failed files that are worth another attempt. `loaded` and `size` are bytes of all files that
 * are uploaded, under way or still to come.
 */
export type Counts = Record<Group | "count" | "share" | "retryable" | "loaded" | "size", number>;

export const stateOf = ({ task, problem }: UploaderItem): ItemState => task?.state ?? (problem ? "refused" : "done");
export const groupOf = (item: UploaderItem): Group => groups[stateOf(item)] ?? "active";
export const resultOf = ({ task, restored }: UploaderItem): UploadResponse | undefined => task?.result ?? restored;

/** The part of a file that has arrived, 0 to 1. */
export function shareOf({ task }: UploaderItem): number {
  return task && task.state !== "done" ? Math.min(1, task.loaded / (task.total || 1)) : 1;
}

/** The smallest common limit of proxies on the size of a request: nginx's default. */
const smallestProxyLimit = 1024 * 1024;

/** Describes in a sentence what is wrong with a file. */
export function messageOf({ problem, task, size }: UploaderItem, words: Words): string {
  if (problem) return words.say(problem.reason, problem.values);
  return task?.error ? errorText(task.error, words, task.state === "failed" && size > smallestProxyLimit) : "";
}

/** Describes in a few words where a file stands. */
export function statusText(item: UploaderItem, words: Words): string {
  const { size } = item;
  const state = stateOf(item);
  const share = shareOf(item);
  const message = messageOf(item, words);
  const values = { message, size: words.size(size), loaded: words.size(size * share), percent: words.percent(share) };
  // A message above the list says once that the user is offline.
  return words.say(state === "waiting" && isOffline() ? "queued" : state, values, message);
}

/** Whether another attempt may upload a file that is not uploaded. */
export function isRetryable({ task }: UploaderItem): boolean {
  return task?.state === "canceled" || (task?.state === "failed" && !!task.error && isWorthRetrying(task.error));
}

/** The address where a file can be seen. It is undefined for a file that can't be seen without a signature. */
export function linkOf(item: UploaderItem): string | undefined {
  // For a file uploaded on this visit, its parameters say this even if the answer doesn't.
  const { url, isPrivateFile, isPublished }: Partial<UploadResponse> = { ...item.task?.parameters, ...resultOf(item) };
  const isHidden = `${isPrivateFile}` === "true" || `${isPublished}` === "false";
  // The page may have got the restored answers from anywhere, so a link must not be able to run scripts.
  return !isHidden && url && /^(https?:)?\//.test(url) ? url : undefined;
}

export function countItems(items: Iterable<UploaderItem>): Counts {
  const groups = { active: 0, paused: 0, done: 0, failed: 0, refused: 0 };
  const counts: Counts = { count: 0, ...groups, retryable: 0, share: 0, loaded: 0, size: 0 };
  let weights = 0;
  for (const item of items) {
    const group = groupOf(item);
    counts.count++;
    counts[group]++;
    if (isRetryable(item)) counts.retryable++;
    if (item.task && group !== "failed") {
      counts.size += item.size;
      counts.loaded += item.size * shareOf(item);
    }
    // Each file costs a request and an answer besides its bytes, so the bar also moves for hundreds of small files.
    const weight = group === "refused" ? 0 : item.size + 50_000;
    weights += weight;
    counts.share += weight * (group === "failed" ? 1 : shareOf(item));
  }
  counts.share /= weights || 1;
  return counts;
}
