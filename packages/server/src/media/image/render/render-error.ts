import { MediaError } from "../../media-error.ts";

/** What the image library says of a source that it was given, in our terms. */
export function asMediaError(cause: unknown): MediaError {
  if (cause instanceof MediaError) return cause;
  const message = messageOf(cause);
  if (/exceeds pixel limit/.test(message)) {
    return new MediaError("ELIMIT", "The image has more pixels than this server works with", { cause });
  }
  return timeUp(cause) ?? new MediaError("EINVALID", "The image cannot be decoded", { cause });
}

/** The end of sharp's patience, whatever it was doing. */
export function timeUp(cause: unknown): MediaError | undefined {
  if (!/^timeout/.test(messageOf(cause))) return undefined;
  return new MediaError("ETIME", "The image took too long to render", { cause });
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : "";
}
