import type { Dispatcher } from "undici";

/** How much of an answer is read so that its connection can be reused, and how much of its beginning is returned. */
const maxAnswerBytes = 64 * 1024;
const beginningBytes = 800;

export interface WebhookPost {
  readonly url: URL;
  readonly headers: Record<string, string>;
  readonly body: string;
  /** The time limit for the whole exchange, including the connecting. */
  readonly limitMs: number;
}

/** How an exchange ended: with an answer, too late, or with an error from undici or the connection. */
export interface WebhookAnswer {
  readonly status: number | null;
  readonly beginning: Buffer;
  readonly failure?: "too late" | { readonly reason: unknown };
}

/**
 * Sends one POST and reads the beginning of the answer. A long answer's connection is closed. undici's `request` would
 * make a stream and a chain of signals for each answer, which takes twice the time of the exchange itself.
 * @throws the signal's reason
 */
export function postWebhook(dispatcher: Dispatcher, post: WebhookPost, signal: AbortSignal): Promise<WebhookAnswer> {
  const { url, headers, body, limitMs } = post;
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<WebhookAnswer>();
  let controller: Dispatcher.DispatchController | undefined;
  let over = false;
  let status: number | null = null;
  const chunks: Buffer[] = [];
  let size = 0;

  const timer = setTimeout(() => settle("too late"), limitMs);
  const onAbort = () => {
    end();
    reject(signal.reason);
  };
  signal.addEventListener("abort", onAbort, { once: true });

  function settle(failure?: WebhookAnswer["failure"]): void {
    if (over) return;
    end();
    resolve({ status, beginning: Buffer.concat(chunks).subarray(0, beginningBytes), ...(failure && { failure }) });
  }

  /** Ends the exchange. It also closes the connection if the answer has not been read to its end. */
  function end(): void {
    over = true;
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    controller?.abort(new Error("Nobody waits for the answer any more."));
  }

  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(started) {
      controller = started;
      if (over) started.abort(new Error("Nobody waits for an answer any more."));
    },
    onResponseStart(_controller, statusCode) {
      // Informational answers may come before the final one.
      if (statusCode >= 200) status = statusCode;
    },
    onResponseData(_controller, chunk) {
      if (size < beginningBytes) chunks.push(chunk);
      size += chunk.length;
      if (size > maxAnswerBytes) settle();
    },
    onResponseEnd() {
      controller = undefined;
      settle();
    },
    onResponseError(_controller, reason) {
      controller = undefined;
      settle({ reason });
    },
  };
  const { origin, pathname, search } = url;
  const request = { origin, path: pathname + search, method: "POST", headers, body } as const;
  try {
    dispatcher.dispatch({ ...request, headersTimeout: 0, bodyTimeout: 0 }, handler);
  } catch (reason) {
    settle({ reason });
  }
  return promise;
}
