import { networkError } from "./network-error.ts";
import type { Transport } from "./transport.ts";
import { passing } from "./upload-error.ts";
import { unlessAborted } from "./waiting.ts";

/** Sends one multipart request. It uses XMLHttpRequest, because `fetch` reports no progress of what it sends. */
export const xhrTransport: Transport = async (request, { signal, stallTimeout, onProgress }) => {
  const { endpoint, credentials, parameters, file, attempt } = request;
  const form = new FormData();
  // The text fields come first, so that a refusal arrives before the file has been sent.
  for (const [name, value] of Object.entries({ ...credentials, ...parameters })) form.append(name, String(value));
  if (typeof file === "string") form.append("file", file);
  else form.append("file", file, parameters.fileName);

  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const xhr = new XMLHttpRequest();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let bytes = { loaded: 0, total: 0 };
  const begun = performance.now();
  xhr.upload.onprogress = xhr.upload.onload = ({ type, loaded, total }) => {
    clearTimeout(timer);
    const sending = type === "progress";
    bytes = { loaded, total };
    if (sending && loaded < total) {
      timer = setTimeout(() => reject(passing("STALLED", "The upload made no progress.")), stallTimeout);
    }
    onProgress({ phase: sending ? "sending" : "processing", loaded, total, lengthComputable: true });
  };
  xhr.onload = resolve;
  const url = `${endpoint}/api/v${credentials.signature ? 1 : 2}/files/upload`;
  // The browser also aborts when the user stops loading the page.
  xhr.onerror = xhr.onabort = async () => {
    clearTimeout(timer);
    reject(await networkError(file, url, { ...bytes, ms: performance.now() - begun }, signal));
  };
  try {
    xhr.open("POST", url);
    xhr.setRequestHeader("x-sluice-attempt", attempt);
    xhr.send(form);
    await unlessAborted(promise, signal);
    return { status: xhr.status, headers: headersOf(xhr), text: xhr.responseText };
  } finally {
    clearTimeout(timer);
    // Nobody waits for the reason of this abort.
    xhr.onabort = null;
    xhr.abort();
  }
};

export function headersOf(xhr: XMLHttpRequest): Record<string, string> {
  const lines = xhr.getAllResponseHeaders().split("\r\n").filter(Boolean);
  return Object.fromEntries(lines.map((line) => line.split(/: ?(.*)/, 2)));
}
