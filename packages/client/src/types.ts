import type { UploadResponse as ResponseBody } from "@sluice/protocol";
import type { UploadParameters } from "@sluice/token";
import type { UploadError } from "./upload-error.ts";

/** The request for a token. It contains the exact strings that the form will send. */
export interface TokenRequest {
  readonly uploadPayload: Record<string, string>;
  /** Lifetime of the token in seconds. The endpoint's policy may shorten it. */
  readonly expire?: number | undefined;
  readonly publicKey?: string | undefined;
}

/** `parameters` are the strings to send instead, if the backend's policy changed any. */
export type TokenAnswer = string | { readonly token: string; readonly parameters?: Record<string, string> | undefined };

/** Called for each attempt, because a token admits one attempt, even a failed one. */
export type GetToken = (
  request: TokenRequest,
  signal: AbortSignal,
  file: Blob | string,
) => Promise<TokenAnswer> | TokenAnswer;

/**
 * `resuming`: the server is asked how much it has of an upload that was interrupted. `sending`: bytes are on their way.
 * `processing`: all bytes are sent, and the client waits for the answer.
 */
export interface UploadProgress {
  readonly phase: "resuming" | "sending" | "processing";
  /** Bytes of the file, or of the whole request if the file is sent in a form. Of a resumable upload it never falls. */
  readonly loaded: number;
  readonly total: number;
  readonly lengthComputable: true;
}

/** Settings of resumable uploads. */
export interface ResumableOptions {
  /** Files of this many bytes and up are uploaded resumably. Default 8 MiB. */
  readonly threshold?: number | undefined;
  /** Maximum number of bytes that one request sends. Default 16 MiB. */
  readonly pieceSize?: number | undefined;
  /** Whether the browser remembers unfinished uploads, so that they can be resumed after a reload. Default true. */
  readonly remember?: boolean | undefined;
}

export interface UploadSettings {
  /**
   * The server's base URL. Default: the server that served this script from `/_sluice/`, otherwise the page's origin.
   */
  readonly endpoint?: string | URL | undefined;
  /** A function, or the URL of a token endpoint such as `uploadTokenHandler` of `@sluice/token` serves. */
  readonly getToken?: GetToken | string | URL | undefined;
  /**
   * Maximum number of retries after a temporary failure. Default 3. A resumable upload has 8 by default, counted anew
   * whenever more of the file has arrived.
   */
  readonly retries?: number | undefined;
  /** Milliseconds before the `attempt`th retry, if the server names no time. Default: 1, 2, 4 … 30 s, ±25 %. */
  readonly backoff?: ((attempt: number) => number) | undefined;
  /**
   * Milliseconds without progress, from the first byte to the last, after which an attempt is given up. Default 30 000.
   */
  readonly stallTimeout?: number | undefined;
  /** Whether large files are uploaded resumably, and how. Default true. */
  readonly resumable?: boolean | ResumableOptions | undefined;
}

/** The upload's parameters by name, as strings or typed (`UploadParameters` of `@sluice/token`), and these options: */
export interface UploadOptions extends UploadParameters {
  /** The bytes, the URL of a file for the server to fetch, or base64. */
  readonly file: Blob | string;
  readonly fileName: string;
  readonly getToken?: GetToken | string | URL | undefined;
  /** A token that exists already, instead of `getToken`. It allows one attempt and no retry. */
  readonly token?: string | undefined;
  /**
   * A V1 signature, with `token`, `expire` and `publicKey` of V1. V1 locks no parameter, and its outcome can't be asked
   * for.
   */
  readonly signature?: string | undefined;
  /** These two go to the token endpoint; see `TokenRequest`. */
  readonly expire?: number | undefined;
  readonly publicKey?: string | undefined;
  readonly endpoint?: string | URL | undefined;
  readonly onProgress?: ((progress: UploadProgress) => void) | undefined;
  readonly abortSignal?: AbortSignal | undefined;
}

export interface UploadExtras extends UploadSettings {
  readonly onProgress?: ((progress: UploadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The server's answer. */
export interface UploadResponse extends ResponseBody {
  readonly [field: string]: unknown;
  /** This property is not enumerable. */
  readonly $ResponseMetadata: ResponseMetadata;
}

export interface ResponseMetadata {
  readonly statusCode: number;
  readonly requestId: string | undefined;
  /** Headers by names in lower case. Of another origin's answer, only the headers that it exposes are included. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** An item that a queue uploads. The queue gets the tokens itself, one for each attempt. */
export interface QueueItem extends UploadParameters {
  readonly file: Blob | string;
  readonly fileName: string;
  readonly expire?: number | undefined;
  readonly publicKey?: string | undefined;
}

export interface QueueOptions extends UploadSettings {
  /** Maximum number of concurrent uploads. Default 3. */
  readonly concurrency?: number | undefined;
}

/**
 * `resuming`: the server is asked how much it has. `waiting`: the task waits for its next attempt, or for the network.
 * `paused`, `done`, `failed` and `canceled` tasks hold no slot. Only `failed` and `canceled` tasks can be started again,
 * by `retry()`. Only `done` never changes.
 */
export type TaskState =
  | "queued"
  | "resuming"
  | "sending"
  | "processing"
  | "waiting"
  | "paused"
  | "done"
  | "failed"
  | "canceled";

export interface UploadTask {
  /** Unique within its queue. */
  readonly id: number;
  readonly options: QueueItem;
  readonly file: Blob | string;
  readonly state: TaskState;
  /**
   * Bytes of the current attempt, or of all attempts of a resumable upload. `total` is the file's size until the first
   * attempt.
   */
  readonly loaded: number;
  readonly total: number;
  /** Number of attempts since the task was added or started again by `retry()`. */
  readonly attempt: number;
  readonly result?: UploadResponse | undefined;
  /** The form fields of the last attempt, once there was a token. The backend's policy may have changed some. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /** The reason why the task failed or, while it is waiting, why the last attempt failed. */
  readonly error?: UploadError | undefined;
  /**
   * Rejects with an UploadError when the task fails or is canceled. The rejection need not be handled. `retry()`
   * creates a new promise.
   */
  readonly done: Promise<UploadResponse>;
  /**
   * Aborts the current attempt. `resume()` goes on with a resumable upload and starts any other one again, unless the
   * upload has been stored meanwhile.
   */
  pause(): void;
  resume(): void;
  cancel(): void;
  retry(): void;
}

/**
 * `change`: a task was added or its state changed. `progress`: its `loaded` changed. `idle`: nothing is queued or under
 * way.
 */
export interface QueueEventMap {
  readonly change: CustomEvent<{ readonly task: UploadTask }>;
  readonly progress: CustomEvent<{ readonly task: UploadTask }>;
  readonly idle: CustomEvent<undefined>;
}

/** The type of `new UploadQueue(options)`. The options are read whenever they are needed. */
export interface Queue extends EventTarget {
  readonly tasks: readonly UploadTask[];
  add(item: QueueItem): UploadTask;
  /** Pauses all tasks, including tasks that are added later, until `resume()`. */
  pause(): void;
  resume(): void;
  cancel(): void;
  /** Cancels the task unless it has ended, and removes it from the queue. */
  remove(task: UploadTask): void;
  /** Resolves when nothing is queued or under way. It doesn't wait for paused tasks. */
  idle(): Promise<void>;
  addEventListener<Name extends keyof QueueEventMap>(
    type: Name,
    listener: (event: QueueEventMap[Name]) => void,
    options?: AddEventListenerOptions | boolean,
  ): void;
  addEventListener(...event: Parameters<EventTarget["addEventListener"]>): void;
  removeEventListener<Name extends keyof QueueEventMap>(
    type: Name,
    listener: (event: QueueEventMap[Name]) => void,
    options?: EventListenerOptions | boolean,
  ): void;
  removeEventListener(...event: Parameters<EventTarget["removeEventListener"]>): void;
}
