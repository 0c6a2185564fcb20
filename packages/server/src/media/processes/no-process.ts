import { MediaError } from "../media-error.ts";

/** The error where no process could be started. */
export function noProcess(cause: unknown): MediaError {
  return new MediaError("EBUSY", "There is no process to work in", { cause });
}
