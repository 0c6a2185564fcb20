import type { AiRequest } from "../image/plan/ai-effects.ts";
import type { MediaErrorCode } from "../media-error.ts";
import type { TaskName } from "./tasks.ts";

/** A picture that a model is asked about, without its pixels. */
export interface AskedPicture {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  /** The SHA-256 of the pixels, in hexadecimal digits. */
  readonly digest: string;
}

/** The answer to a task that did not fail for a fault of our own. */
export type TaskAnswer = ({ readonly value: unknown } | { readonly refused: Refused }) & {
  /** The processor time that the task took, in milliseconds. */
  readonly cpuMs: number;
};

export interface Refused {
  readonly code: MediaErrorCode;
  readonly message: string;
}

/** The calls to a process that decodes. It does one task at a time. */
export type ChildCalls = {
  readonly run: (task: { readonly name: TaskName; readonly input: unknown }) => Promise<TaskAnswer>;
  /** Ends the running task as soon as native work lets it. */
  readonly stop: (none: undefined) => Promise<void>;
  /** The picture about which a model is being asked, as PNG. */
  readonly askedPicture: (none: undefined) => Promise<Uint8Array>;
};

/** The calls of a process that decodes to the one that started it. All but the first are made while a task runs. */
export type ParentCalls = {
  readonly ready: (none: undefined) => Promise<void>;
  /** The process has read its task, and none of the strangers' bytes yet. */
  readonly begun: (none: undefined) => Promise<void>;
  /** Waits until the task may take so many bytes, in place of those that it may take so far. The wait is no time of the task. */
  readonly take: (memory: { readonly bytes: number; readonly milliseconds: number }) => Promise<void>;
  /** The picture is made, and is only written now. That has time of its own. */
  readonly made: (none: undefined) => Promise<void>;
  readonly askAi: (asked: { readonly request: AiRequest; readonly picture: AskedPicture }) => Promise<Uint8Array>;
};
