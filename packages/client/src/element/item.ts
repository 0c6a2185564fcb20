import type { TaskState, UploadResponse, UploadTask } from "../types.ts";
import type { Problem } from "./check-file.ts";
import { errorText, isWorthRetrying } from "./errors.ts";
import type { Words } from "./words.ts";

/** `refused`: by the element's own checks, so that there is no upload. */
export type ItemState = TaskState | "refused";

/** One file of the list, as the element's events and its `items` show it. */
export interface UploaderItem {
  readonly name: string;
  readonly size: number;
  /** Undefined for a file that an earlier visit uploaded. */
  readonly file?: File | undefined;
  readonly task?: UploadTask | undefined;
  readonly problem?: Problem | undefined;
  readonly restored?: UploadResponse | undefined;
}

/** What the list and the summary tell apart. */
export type Group = "active" | "paused" | "done" | "failed" | "refused";

const groups: { readonly [state in ItemState]?: Group } = {
  paused: "paused",
  done: "done",
  failed: "failed",
  canceled: "failed",
  refused: "refused",
};

/**
 * How many files there are, in all and of each group, and how much of their bytes is there, 0 to 1. Some of the failed
 * ones are worth another attempt. `loaded` and `size` are bytes of all that are uploaded, under way or to come.
 */
export type Counts = Record<Group | "count" | "share" | "retryable" | "loaded" | "size", number>;

export const stateOf = ({ task, problem }: UploaderItem): ItemState => task?.state ?? (problem ? "refused" : "done");
export const groupOf = (item: UploaderItem): Group => groups[stateOf(item)] ?? "active";
export const resultOf = ({ task, restored }: UploaderItem): UploadResponse | undefined => task?.result ?? restored;

/** How much of a file is there, 0 to 1. */
export function shareOf({ task }: UploaderItem): number {
  return task && task.state !== "done" ? Math.min(1, task.loaded / (task.total || 1)) : 1;
}

/** What is wrong with a file, in a sentence. */
export function messageOf({ problem, task }: UploaderItem, words: Words): string {
  if (problem) return words.say(problem.reason, problem.values);
  return task?.error ? errorText(task.error, words) : "";
}

/** Whether a file that is not uploaded may be after another attempt. */
export function isRetryable({ task }: UploaderItem): boolean {
  return task?.state === "canceled" || (task?.state === "failed" && !!task.error && isWorthRetrying(task.error));
}

/** Where a file can be seen; undefined for one that nobody sees without a signature. */
export function linkOf(item: UploaderItem): string | undefined {
  // Of a file that this visit uploaded it is known although no answer says so.
  const { url, isPrivateFile, isPublished }: Partial<UploadResponse> = { ...item.task?.parameters, ...resultOf(item) };
  const isHidden = `${isPrivateFile}` === "true" || `${isPublished}` === "false";
  // A page may have got the answers that it restores from anywhere: a link is not to run scripts.
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
    // Each file is a request and an answer besides its bytes: hundreds of small ones move the bar as well.
    const weight = group === "refused" ? 0 : item.size + 50_000;
    weights += weight;
    counts.share += weight * (group === "failed" ? 1 : shareOf(item));
  }
  counts.share /= weights || 1;
  return counts;
}
