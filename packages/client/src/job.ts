import type { OpenAttempt } from "./outcome.ts";
import type { Session } from "./resumable/session.ts";
import type { Credentials } from "./transport.ts";
import type { QueueItem, UploadProgress, UploadSettings } from "./types.ts";
import type { UploadError } from "./upload-error.ts";

/** One upload with all its attempts. */
export interface Job {
  readonly item: QueueItem;
  /** The settings are read when they are needed. */
  readonly settings: UploadSettings;
  /** Credentials that exist already, for one attempt. */
  readonly credentials?: Credentials | undefined;
  /** The attempt that may or may not have been stored. */
  open?: OpenAttempt | undefined;
  /** The session of a resumable upload. */
  session?: Session | undefined;
  /** The form fields of the last attempt. */
  parameters?: Readonly<Record<string, string>> | undefined;
}

export interface Report {
  attempt?(): void;
  progress(progress: UploadProgress): void;
  waiting?(error: UploadError): void;
}

/** A token with the parameters that it admits, which are exactly these. */
export interface Admission {
  readonly credentials: Credentials;
  readonly parameters: Readonly<Record<string, string>>;
}
