import type { Party } from "../../concurrency/fair-line.ts";
import type { FindAiPicture } from "../image/asked-picture.ts";
import type { WorkClock } from "../image/pixels/work-clock.ts";
import type { Sandbox } from "./sandbox.ts";
import type { TaskInput, TaskName, TaskOutput } from "./tasks.ts";

export type Isolation = Sandbox["name"];

export interface TaskOptions {
  readonly signal: AbortSignal;
  /** The party that waits; the server itself when no party is named. */
  readonly party?: Party | undefined;
  /** The same for the same bytes. Bytes that could not be opened within their bounds are refused at once for a while. */
  readonly file?: string | undefined;
  /** The names of further files that the task reads. They pay for the task as well, and are never refused for it. */
  readonly layers?: readonly string[] | undefined;
  /** The same for the same work on the same bytes. Work that went beyond its bounds is refused at once for a while. */
  readonly key?: string | undefined;
  /** The processor time that the sizes of the task suggest, in milliseconds. */
  readonly estimateMs?: number | undefined;
  /** Counts the time that the task takes, without waits. */
  readonly clock?: WorkClock | undefined;
  /** Answers what models have made. */
  readonly findAiPicture?: FindAiPicture | undefined;
}

/** Decodes strangers' bytes in processes that are ended when their time or memory is used up. One pool a machine. */
export interface MediaProcesses {
  /**
   * Does a task once its turn has come.
   * @param prepare gives the task. It is called when its turn has come, so that what waits holds no bytes.
   * @throws MediaError; what `findAiPicture` throws; the signal's reason
   */
  run<Name extends TaskName>(
    name: Name,
    prepare: (signal: AbortSignal) => Promise<TaskInput<Name>>,
    options: TaskOptions,
  ): Promise<TaskOutput<Name>>;
  /** Throws `EBUSY` when one more task would be refused. */
  assertRoom(): Promise<void>;
  /** The way in which the system keeps the processes away from everything else. */
  isolation(): Promise<Isolation>;
  /** Starts processes before they are needed. */
  keepReady(): void;
  /** Refuses the tasks that wait, and waits for those that run. */
  close(): Promise<void>;
}
