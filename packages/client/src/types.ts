import type { UploadResponse as ResponseBody } from "@sluice/protocol";
import type { UploadParameters } from "@sluice/token";
import type { UploadError } from "./upload-error.ts";

/** What a token is asked for: the exact strings that the form would send. */
export interface TokenRequest {
  readonly uploadPayload: Record<string, string>;
  /** Seconds that the token is to live; the endpoint's policy may cut it down. */
  readonly expire?: number | undefined;
  readonly publicKey?: string | undefined;
}

/** `parameters`: the strings to send instead, where the backend's policy changed any. */
export type TokenAnswer = string | { readonly token: string; readonly parameters?: Record<string, string> | undefined };

/** Called for each attempt: a token admits one, even when that fails. */
export type GetToken = (
  request: TokenRequest,
  signal: AbortSignal,
  file: Blob | string,
) => Promise<TokenAnswer> | TokenAnswer;

/** `sending`: bytes on their way. `processing`: all are sent, the answer is awaited. */
export interface UploadProgress {
  readonly phase: "sending" | "processing";
  /** Bytes of the whole request, the form's text included. */
  readonly loaded: number;
  readonly total: number;
  readonly lengthComputable: true;
}

export interface UploadSettings {
  /** The server's base URL. Default: the one that served this script from `/_sluice/`, else the page's origin. */
  readonly endpoint?: string | URL | undefined;
  /** A function, or the URL of a token endpoint as `uploadTokenHandler` of `@sluice/token` serves it. */
  readonly getToken?: GetToken | string | URL | undefined;
  /** How often an attempt that failed for a passing reason is repeated, each with a token of its own. Default 3. */
  readonly retries?: number | undefined;
  /** Milliseconds before the `attempt`th repetition, where the server names no time. Default: 1, 2, 4 … 30 s, ±25 %. */
  readonly backoff?: ((attempt: number) => number) | undefined;
  /** Milliseconds without progress, from the first byte to the last, after which an attempt is given up. Default 30 000. */
  readonly stallTimeout?: number | undefined;
}

/** The upload's parameters by name, as strings or typed (`UploadParameters` of `@sluice/token`), and: */
export interface UploadOptions extends UploadParameters {
  /** The bytes, or the URL of a file for the server to fetch, or base64. */
  readonly file: Blob | string;
  readonly fileName: string;
  readonly getToken?: GetToken | string | URL | undefined;
  /** A ready one instead of `getToken`: one attempt, no repetition. */
  readonly token?: string | undefined;
  /** With `token`, `expire` and `publicKey`: those of V1, which lock no parameter and whose outcome can't be asked for. */
  readonly signature?: string | undefined;
  /** For the token endpoint, see `TokenRequest`. */
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
  /** Not enumerable. */
  readonly $ResponseMetadata: ResponseMetadata;
}

export interface ResponseMetadata {
  readonly statusCode: number;
  readonly requestId: string | undefined;
  /** By names in lower case; of another origin those alone that it exposes. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** What a queue is asked to upload: the token is its business, attempt by attempt. */
export interface QueueItem extends UploadParameters {
  readonly file: Blob | string;
  readonly fileName: string;
  readonly expire?: number | undefined;
  readonly publicKey?: string | undefined;
}

export interface QueueOptions extends UploadSettings {
  /** Uploads under way at once. Default 3. */
  readonly concurrency?: number | undefined;
}

/**
 * `waiting`: for the next attempt, or for the network. `paused`, `done`, `failed` and `canceled` hold no slot.
 * Only `failed` and `canceled` can be taken up again, by `retry()`; only `done` never changes.
 */
export type TaskState = "queued" | "sending" | "processing" | "waiting" | "paused" | "done" | "failed" | "canceled";

export interface UploadTask {
  /** Unique within its queue. */
  readonly id: number;
  readonly options: QueueItem;
  readonly file: Blob | string;
  readonly state: TaskState;
  /** Bytes of the current attempt; `total` is the file's size until the first one. */
  readonly loaded: number;
  readonly total: number;
  /** Attempts begun since it was added or taken up again by `retry()`. */
  readonly attempt: number;
  readonly result?: UploadResponse | undefined;
  /** What the last attempt's form said, once there was a token: the backend's policy may have changed some. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /** Why it failed; while it is waiting, why the last attempt did. */
  readonly error?: UploadError | undefined;
  /** Rejects with an UploadError when it fails or is canceled; need not be handled. `retry()` begins another one. */
  readonly done: Promise<UploadResponse>;
  /** Aborts what is under way. `resume()` starts again, unless the upload has been stored meanwhile. */
  pause(): void;
  resume(): void;
  cancel(): void;
  retry(): void;
}

/** `change`: a task was added or has another state. `progress`: its `loaded` has. `idle`: nothing is queued or under way. */
export interface QueueEventMap {
  readonly change: CustomEvent<{ readonly task: UploadTask }>;
  readonly progress: CustomEvent<{ readonly task: UploadTask }>;
  readonly idle: CustomEvent<undefined>;
}

/** `new UploadQueue(options)`; its options are read whenever they are needed. */
export interface Queue extends EventTarget {
  readonly tasks: readonly UploadTask[];
  add(item: QueueItem): UploadTask;
  /** Of all tasks, those to come included, until `resume()`. */
  pause(): void;
  resume(): void;
  cancel(): void;
  /** Cancels the task unless it has ended, and forgets it. */
  remove(task: UploadTask): void;
  /** Resolves when nothing is queued or under way; paused tasks are not waited for. */
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
