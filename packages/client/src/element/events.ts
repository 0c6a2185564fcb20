import type { UploadParameters } from "@sluice/token";
import type { UploadResponse, UploadTask } from "../types.ts";
import type { Counts, UploaderItem } from "./item.ts";

/** The upload parameters of one file. A listener of `sluice-add` may change them until it returns. */
export type FileParameters = { -readonly [name in keyof UploadParameters]: UploadParameters[name] };

export interface FileDetail {
  readonly item: UploaderItem;
  /**
   * The task is undefined for a file that the element's own checks refused, and for a file that was uploaded earlier.
   */
  readonly task: UploadTask | undefined;
  /** The server's answer, once there is one. */
  readonly result: UploadResponse | undefined;
  /** The problem as the list shows it, or an empty string. */
  readonly message: string;
}

export type FileEvent = "sluice-added" | "sluice-refused" | "sluice-done" | "sluice-failed" | "sluice-removed";

/**
 * The details of the element's events. All of these events bubble, and they cross the borders of other shadow trees.
 */
export interface UploaderEvents extends Record<FileEvent, FileDetail> {
  /** Fires before a file is taken. `preventDefault()` leaves the file out. */
  "sluice-add": { readonly file: File; readonly parameters: FileParameters };
  /** Fires at most once a frame, and once a second while an upload is under way. */
  "sluice-progress": Counts;
  /** Fires when nothing is queued or under way any more. */
  "sluice-idle": Counts;
}

export type Emit = <Name extends keyof UploaderEvents>(name: Name, detail: UploaderEvents[Name]) => boolean;

declare global {
  interface HTMLElementEventMap extends UploaderEventMap {}
}
type UploaderEventMap = { readonly [name in keyof UploaderEvents]: CustomEvent<UploaderEvents[name]> };
