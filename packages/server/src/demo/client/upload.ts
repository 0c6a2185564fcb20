import { readRefusal } from "./refusal.ts";
import { type Admission, requestToken, type TokenSource } from "./request-token.ts";
import { type FormAnswer, type SendObserver, sendForm } from "./send-form.ts";

/** Uploads go where the page came from. */
const uploadUrl = "/api/v2/files/upload";

export interface UploadOptions {
  readonly folder: string;
  readonly useUniqueFileName: boolean;
  /** Comma-separated; empty for none. */
  readonly tags: string;
}

export interface UploadObserver extends SendObserver {
  askingForToken(): void;
  admitted(admission: Admission): void;
}

/** The exact strings of the form, before anybody signs them. */
export function parametersFor(fileName: string, { folder, useUniqueFileName, tags }: UploadOptions) {
  return {
    // Half a surrogate pair, which a file's name may hold, becomes U+FFFD in a form; so it has to in the token.
    fileName: fileName.toWellFormed(),
    folder,
    useUniqueFileName: String(useUniqueFileName),
    ...(tags === "" ? {} : { tags, responseFields: "tags" }),
  };
}

/**
 * The guide's flow: a token for exactly this upload, then the upload with that token.
 * @throws Refusal when there is no token, or when the upload was refused
 */
export async function upload(
  file: File,
  options: UploadOptions,
  source: TokenSource,
  observer: UploadObserver,
  signal: AbortSignal,
): Promise<FormAnswer> {
  observer.askingForToken();
  const admission = await requestToken(source, parametersFor(file.name, options), signal);
  observer.admitted(admission);
  const answer = await present(file, admission, observer, signal);
  if (answer.status !== 200) throw readRefusal(answer.status, answer.text);
  return answer;
}

/** Sends the form: the file first and the token last, in the order of the guide's page. */
export function present(
  file: File,
  { token, parameters }: Admission,
  observer: SendObserver,
  signal: AbortSignal,
): Promise<FormAnswer> {
  const form = new FormData();
  form.append("file", file);
  for (const [name, value] of Object.entries(parameters)) form.append(name, value);
  form.append("token", token);
  return sendForm(uploadUrl, form, observer, signal);
}
