import type { Transport } from "./transport.ts";
import { aborted, UploadError } from "./upload-error.ts";

const paths = { 1: "/api/v1/files/upload", 2: "/api/v2/files/upload" } as const;

/** One multipart request: `fetch` reports no progress of what it sends. */
export const xhrTransport: Transport = async (request, { signal, stallTimeout, onProgress }) => {
  const { endpoint, credentials, parameters, file, attempt } = request;
  const form = new FormData();
  // First, so that a refusal comes before the file has been sent.
  for (const [name, value] of [...Object.entries(credentials), ...Object.entries(parameters)]) form.append(name, value);
  if (typeof file === "string") form.append("file", file);
  else form.append("file", file, parameters.fileName);

  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const xhr = new XMLHttpRequest();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const onAbort = (): void => reject(aborted());
  signal.addEventListener("abort", onAbort);
  xhr.upload.onprogress = ({ loaded, total }) => {
    clearTimeout(timer);
    if (loaded < total) {
      timer = setTimeout(
        () => reject(new UploadError("STALLED", "The upload made no progress.", { retryable: true })),
        stallTimeout,
      );
    }
    onProgress({ phase: "sending", loaded, total, lengthComputable: true });
  };
  xhr.upload.onload = ({ loaded, total }) => {
    clearTimeout(timer);
    onProgress({ phase: "processing", loaded, total, lengthComputable: true });
  };
  xhr.onload = () => resolve();
  // The browser aborts as well, when it is told to stop loading.
  xhr.onerror = xhr.onabort = () =>
    reject(new UploadError("NETWORK", "The server could not be reached.", { retryable: true }));
  try {
    if (signal.aborted) throw aborted();
    xhr.open("POST", endpoint + paths[credentials.signature ? 1 : 2]);
    xhr.setRequestHeader("x-sluice-attempt", attempt);
    xhr.send(form);
    await promise;
    return { status: xhr.status, headers: headersOf(xhr), text: xhr.responseText };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    xhr.upload.onprogress = xhr.upload.onload = xhr.onload = xhr.onerror = xhr.onabort = null;
    xhr.abort();
  }
};

function headersOf(xhr: XMLHttpRequest): Headers {
  const lines = xhr.getAllResponseHeaders().split("\r\n").filter(Boolean);
  return new Headers(lines.map((line) => line.split(/: ?(.*)/, 2) as [string, string]));
}
