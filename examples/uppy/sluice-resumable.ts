import type { Body, Meta, Uppy, UppyFile } from "@uppy/core";
import Tus from "@uppy/tus";

export interface SluiceResumableOptions {
  readonly sluiceUrl: string;
  readonly tokenUrl: string;
  /** Upload parameters by name, as strings. The backend's policy has the last word. */
  readonly parametersOf?: (file: UppyFile<Meta, Body>) => Record<string, string>;
}

/** A refusal in words for users: by the backend, or by Sluice. */
class Refusal extends Error {
  readonly details: string | undefined;

  constructor(text: string, status: number) {
    const { message, help } = answerOf(text);
    super(message ?? `The upload was answered with status ${status}.`);
    this.details = help;
  }
}

/**
 * Makes Uppy upload to Sluice resumably. A token is presented once, when an upload is created. Everything after that
 * goes to the upload's own address, also after a reload: `uppy.opts.id` has to name the user, because Uppy finds
 * unfinished uploads by that id and by the file.
 */
export function resumeToSluice(uppy: Uppy<Meta, Body>, options: SluiceResumableOptions): void {
  const { sluiceUrl, tokenUrl, parametersOf = (file) => ({ fileName: file.name }) } = options;

  uppy.use(Tus, {
    endpoint: `${sluiceUrl}/_sluice/resumable`,
    chunkSize: 16 * 1024 * 1024,
    limit: 3,
    removeFingerprintOnSuccess: true,
    // The parameters that the backend has signed are sent instead of Uppy's own, which its token doesn't name.
    allowedMetaFields: [],

    async onBeforeRequest(request, file) {
      if (request.getMethod() !== "POST") return;
      // Each creation gets a token of its own, when the file's turn has come. Uppy repeats one whose answer was lost.
      request.setHeader("Upload-Metadata", metadataOf(await admissionOf(parametersOf(file), tokenUrl)));
    },

    // What the backend refuses is final. Of Sluice's answers, Uppy knows which ones are.
    onShouldRetry: (error, _attempt, _options, next) => !(error.causingError instanceof Refusal) && next(error),

    onError(error) {
      const refusal = refusalOf(error);
      if (refusal) Object.assign(error, { message: refusal.message, details: refusal.details });
    },
  });

  // An upload's own address answers what a form would have been answered.
  uppy.addPostProcessor(async (ids) => {
    for (const { id, response, error } of uppy.getFilesByIds(ids)) {
      if (error || !response?.uploadURL) continue;
      const body = await answerAt(response.uploadURL);
      uppy.setFileState(id, {
        uploadURL: String(body.url),
        response: { ...response, uploadURL: String(body.url), body },
      });
    }
  });
}

async function admissionOf(uploadPayload: Record<string, string>, tokenUrl: string): Promise<Record<string, string>> {
  const body = JSON.stringify({ uploadPayload });
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(tokenUrl, { method: "POST", headers, body, cache: "no-store" });
  const text = await response.text();
  if (!response.ok) throw new Refusal(text, response.status);
  const { token, parameters = uploadPayload } = JSON.parse(text);
  return { token, ...parameters };
}

/** The header of tus: names with values in base64 of UTF-8. */
function metadataOf(fields: Record<string, string>): string {
  const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  return Object.entries(fields)
    .map(([name, value]) => `${name} ${base64(value)}`)
    .join(",");
}

/** Waits for the answer of an upload whose bytes have all arrived. */
async function answerAt(address: string): Promise<Body> {
  for (;;) {
    const response = await fetch(address);
    if (response.status !== 202) return answerOf(await response.text());
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

function refusalOf(error: Error): Refusal | undefined {
  // Uppy wraps errors of requests that got no answer.
  const { causingError, originalResponse } = (error.cause ?? error) as {
    causingError?: unknown;
    originalResponse?: { getBody(): string; getStatus(): number };
  };
  if (causingError instanceof Refusal) return causingError;
  return originalResponse && new Refusal(originalResponse.getBody(), originalResponse.getStatus());
}

function answerOf(text: string): Body & { readonly message?: string; readonly help?: string } {
  try {
    return JSON.parse(text);
  } catch {
    return {}; // by something that isn't Sluice
  }
}
