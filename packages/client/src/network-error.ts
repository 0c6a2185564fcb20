import { passing, UploadError } from "./upload-error.ts";

/** Returns the reason why a request with this file got no answer. */
export async function networkError(file: Blob | string, url: string): Promise<UploadError> {
  try {
    // The browser sends nothing of a file that has changed since it was chosen, and reports that as a network error.
    await new Blob([file]).slice(0, 1).arrayBuffer();
    return passing("NETWORK", "The server could not be reached.", { url });
  } catch {
    return new UploadError("FILE_UNREADABLE", "This file has changed: choose it again.", { open: true });
  }
}
