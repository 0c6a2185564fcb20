import type { Job } from "./job.ts";
import { runUpload } from "./run-upload.ts";
import type { Credentials } from "./transport.ts";
import type { UploadExtras, UploadOptions, UploadProgress, UploadResponse } from "./types.ts";

/**
 * Uploads one file. It accepts the options of `upload()` of `@imagekit/javascript`, and `getToken`.
 * @throws UploadError
 */
export async function upload(options: UploadOptions, extras: UploadExtras = {}): Promise<UploadResponse> {
  const { getToken, endpoint, token, signature, onProgress, abortSignal, ...item } = options;
  const job: Job = {
    item,
    settings: { ...extras, getToken: getToken ?? extras.getToken, endpoint: endpoint ?? extras.endpoint },
    credentials: token ? credentialsOf(token, options) : undefined,
  };
  const progress = (event: UploadProgress): void => {
    onProgress?.(event);
    extras.onProgress?.(event);
  };
  const signals = [abortSignal, extras.signal].filter((signal) => signal !== undefined);
  return runUpload(job, { progress }, AbortSignal.any(signals));
}

function credentialsOf(token: string, { signature, expire, publicKey }: UploadOptions): Credentials {
  return signature ? { token, signature, expire, publicKey } : { token };
}
