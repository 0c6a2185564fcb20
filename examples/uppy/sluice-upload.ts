import type { Body, Meta, Uppy, UppyFile } from "@uppy/core";
import XHRUpload from "@uppy/xhr-upload";

export interface SluiceUploadOptions {
  readonly sluiceUrl: string;
  readonly tokenUrl: string;
  /** Upload parameters by their names, as strings; the backend's policy has the last word. */
  readonly parametersOf?: (file: UppyFile<Meta, Body>) => Record<string, string>;
}

/** Makes Uppy upload to Sluice, with a token for each attempt that is fetched when a file's turn has come. */
export function uploadToSluice(uppy: Uppy<Meta, Body>, options: SluiceUploadOptions): void {
  const { sluiceUrl, tokenUrl, parametersOf = (file) => ({ fileName: file.name }) } = options;
  const forms = new WeakMap<object, FormData>();

  uppy.use(XHRUpload, {
    // Uppy would send the same form again, with a token that the first attempt has burnt. A retry by the user comes
    // through `endpoint`, and so by a new one.
    shouldRetry: () => false,

    async endpoint(file) {
      if (Array.isArray(file)) throw new TypeError("Sluice takes one file a request: leave bundle off.");
      try {
        forms.set(file, await formOf(file, tokenUrl, parametersOf(file)));
      } catch (error) {
        // Without this Uppy would take the file for uploaded.
        uppy.emit("upload-error", uppy.getFile(file.id), error as Error);
        throw error;
      }
      return `${sluiceUrl}/api/v2/files/upload`;
    },

    // Uppy's own form has every member of `file.meta` as a field, which the token doesn't know.
    onBeforeRequest(request, _retryCount, [file]) {
      const form = file && forms.get(file);
      const send = request.send.bind(request);
      request.send = () => send(form);
    },

    onAfterResponse(request) {
      if (request.status >= 400) throw refusalOf(request.responseText, request.status);
    },
  });
}

async function formOf(
  file: UppyFile<Meta, Body>,
  tokenUrl: string,
  uploadPayload: Record<string, string>,
): Promise<FormData> {
  const body = JSON.stringify({ uploadPayload });
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(tokenUrl, { method: "POST", headers, body, cache: "no-store" });
  if (!response.ok) throw refusalOf(await response.text(), response.status);
  const { token, parameters = uploadPayload } = await response.json();
  const form = new FormData();
  form.append("token", token); // first, so that a refusal comes before the file is sent
  for (const [name, value] of Object.entries<string>(parameters)) form.append(name, value);
  form.append("file", file.data as Blob);
  return form;
}

/** What Uppy's informer and its Dashboard show: the message, and the help as details. */
function refusalOf(text: string, status: number): Error {
  try {
    const { message, help } = JSON.parse(text);
    return Object.assign(new Error(message), { details: help });
  } catch {
    return new Error(`The upload was answered with status ${status}.`); // by something that isn't Sluice
  }
}
