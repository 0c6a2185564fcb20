import { MediaError } from "../../media-error.ts";
import { tooLate } from "../pixels/work.ts";

/** Translates an error of the image library about a source into a `MediaError`. */
export function asMediaError(cause: unknown): MediaError {
  if (cause instanceof MediaError) return cause;
  const message = messageOf(cause);
  if (/exceeds pixel limit/.test(message)) {
    return new MediaError("ELIMIT", "The image has more pixels than this server works with", { cause });
  }
  return timeUp(cause) ?? new MediaError("EINVALID", "The image cannot be decoded", { cause });
}

/** Translates a timeout of sharp, whatever sharp was doing; undefined for any other error. */
export function timeUp(cause: unknown): MediaError | undefined {
  if (!/^timeout/.test(messageOf(cause))) return undefined;
  return tooLate(cause);
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : "";
}
