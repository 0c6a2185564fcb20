import type { Body, Meta, Uppy, UppyFile } from "@uppy/core";
import XHRUpload from "@uppy/xhr-upload";

export interface SluiceUploadOptions {
  readonly sluiceUrl: string;
  readonly tokenUrl: string;
  /** Upload parameters by name, as strings. The backend's policy has the last word. */
  readonly parametersOf?: (file: UppyFile<Meta, Body>) => Record<string, string>;
}

type Stored = Body & { readonly url: string };

/**
 * Makes Uppy upload to Sluice. Each attempt gets a token of its own, which is fetched when the file's turn has come.
 */
export function uploadToSluice(uppy: Uppy<Meta, Body>, options: SluiceUploadOptions): void {
  const { sluiceUrl, tokenUrl, parametersOf = (file) => ({ fileName: file.name }) } = options;
  const forms = new WeakMap<object, FormData>();
  const tokens = new Map<string, string>();
  const forget = (file: UppyFile<Meta, Body> | undefined) => tokens.delete(file?.id ?? "");
  uppy.on("upload-success", forget);
  uppy.on("file-removed", forget);

  /** Returns the form to send, or the file that an earlier attempt has stored. */
  async function prepare(file: UppyFile<Meta, Body>): Promise<FormData | Stored> {
    const former = tokens.get(file.id);
    const stored = former && (await storedWith(former, sluiceUrl));
    if (stored) return stored;
    const { token, parameters } = await admissionOf(parametersOf(file), tokenUrl);
    tokens.set(file.id, token);
    return formOf(token, parameters, file.data as Blob);
  }

  uppy.use(XHRUpload, {
    // Uppy would send the same form again, with a token that the first attempt has used up. A retry by the user calls
    // `endpoint` and so gets a new token.
    shouldRetry: () => false,

    async endpoint(file) {
      if (Array.isArray(file)) throw new TypeError("Sluice takes one file a request: leave bundle off.");
      const ready = await prepare(file).catch((error: Error) => {
        // Without this event Uppy would treat the file as uploaded.
        uppy.emit("upload-error", uppy.getFile(file.id), error);
        throw error;
      });
      if (!(ready instanceof FormData)) {
        uppy.emit("upload-success", uppy.getFile(file.id), { status: 200, body: ready, uploadURL: ready.url });
        throw new Error("There is nothing left to send.");
      }
      forms.set(file, ready);
      return `${sluiceUrl}/api/v2/files/upload`;
    },

    // Uppy's own form contains every member of `file.meta` as a field, and the token doesn't name those fields.
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

/**
 * Returns the file of an earlier attempt if only its answer was lost. Otherwise that attempt can never store the file.
 */
async function storedWith(token: string, sluiceUrl: string): Promise<Stored | undefined> {
  for (;;) {
    const body = new URLSearchParams({ token });
    const answer = await fetch(`${sluiceUrl}/_sluice/upload-outcome`, { method: "POST", body });
    if (answer.status === 400 || answer.status === 403) return undefined; // a token that is refused let nothing in
    const { outcome, response } = await answerOf(answer);
    if (outcome !== "pending") return outcome === "stored" ? response : undefined;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

async function admissionOf(uploadPayload: Record<string, string>, tokenUrl: string) {
  const body = JSON.stringify({ uploadPayload });
  const headers = { "Content-Type": "application/json" };
  const { token, parameters = uploadPayload } = await answerOf(
    await fetch(tokenUrl, { method: "POST", headers, body, cache: "no-store" }),
  );
  return { token: String(token), parameters: parameters as Record<string, string> };
}

function formOf(token: string, parameters: Record<string, string>, data: Blob): FormData {
  const form = new FormData();
  form.append("token", token); // first, so that a refusal comes before the file is sent
  for (const [name, value] of Object.entries(parameters)) form.append(name, value);
  form.append("file", data);
  return form;
}

async function answerOf(response: Response) {
  if (!response.ok) throw refusalOf(await response.text(), response.status);
  return response.json();
}

/** The error that Uppy's informer and its Dashboard show: the message, with the help as details. */
function refusalOf(text: string, status: number): Error {
  try {
    const { message, help } = JSON.parse(text);
    return Object.assign(new Error(message), { details: help });
  } catch {
    return new Error(`The upload was answered with status ${status}.`); // by something that isn't Sluice
  }
}
