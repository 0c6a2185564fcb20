import { unreachable } from "./refusal.ts";

export interface FormAnswer {
  readonly status: number;
  readonly text: string;
}

export interface SendObserver {
  /** Bytes of the whole form. */
  sending(sent: number, total: number): void;
  /** The last byte is on its way; from now on the server works. */
  sent(): void;
}

/**
 * Posts a form and resolves with whatever the server answers. It is XMLHttpRequest because fetch can't tell how much of
 * a body has been sent.
 * @throws Refusal when there was no answer, or the signal's reason
 */
export function sendForm(
  url: string,
  form: FormData,
  observer: SendObserver,
  signal: AbortSignal,
): Promise<FormAnswer> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    const abort = (): void => request.abort();
    signal.addEventListener("abort", abort);
    request.upload.addEventListener("progress", ({ loaded, total }) => observer.sending(loaded, total));
    request.upload.addEventListener("load", () => observer.sent());
    request.addEventListener("load", () => resolve({ status: request.status, text: request.responseText }));
    request.addEventListener("error", () => reject(unreachable()));
    request.addEventListener("abort", () => reject(signal.reason));
    request.addEventListener("loadend", () => signal.removeEventListener("abort", abort));
    request.open("POST", url);
    request.send(form);
  });
}
