import type { Party } from "../../concurrency/fair-line.ts";

/** Who waits for a task, and how it is ranked. */
export interface VideoTaskOptions {
  readonly signal?: AbortSignal | undefined;
  readonly party?: Party | undefined;
  /** Whether everything else that wants the processor goes first. */
  readonly isBehindOthers?: boolean;
}
