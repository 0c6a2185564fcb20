import type { Party } from "../../concurrency/fair-line.ts";

/** Who waits for a task, and how it is ranked. */
export interface VideoTaskOptions {
  readonly signal?: AbortSignal | undefined;
  readonly party?: Party | undefined;
  /** The name under which it is remembered that the task has used up its own time or memory. */
  readonly key?: string;
  /** Whether everything else that wants the processor goes first. */
  readonly isBehindOthers?: boolean;
}
