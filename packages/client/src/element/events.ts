import type { UploadParameters } from "@sluice/token";
import type { UploadResponse, UploadTask } from "../types.ts";
import type { Counts, UploaderItem } from "./item.ts";

/** A listener of `sluice-add` may change them, until it returns. */
export type FileParameters = { -readonly [name in keyof UploadParameters]: UploadParameters[name] };

export interface FileDetail {
  readonly item: UploaderItem;
  /** Undefined for a file that the element's own checks refused, and for one that was uploaded earlier. */
  readonly task: UploadTask | undefined;
  /** The server's answer, once there is one. */
  readonly result: UploadResponse | undefined;
  /** What is wrong, as the list shows it, or nothing. */
  readonly message: string;
}

export type FileEvent = "sluice-added" | "sluice-refused" | "sluice-done" | "sluice-failed" | "sluice-removed";

/** The details of the element's events. All of them bubble, out of other shadow trees as well. */
export interface UploaderEvents extends Record<FileEvent, FileDetail> {
  /** Before a file is taken; `preventDefault()` leaves it out. */
  "sluice-add": { readonly file: File; readonly parameters: FileParameters };
  /** At most once a frame, and once a second while anything is under way. */
  "sluice-progress": Counts;
  /** Nothing is queued or under way any more. */
  "sluice-idle": Counts;
}

export type Emit = <Name extends keyof UploaderEvents>(name: Name, detail: UploaderEvents[Name]) => boolean;

declare global {
  interface HTMLElementEventMap extends UploaderEventMap {}
}
type UploaderEventMap = { readonly [name in keyof UploaderEvents]: CustomEvent<UploaderEvents[name]> };
