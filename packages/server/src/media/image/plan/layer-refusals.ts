import { excerpt } from "@sluice/grammar";
import { MediaError } from "../../media-error.ts";

export function missingLayer(path: string): string {
  return `overlay ${excerpt(path)} not found`;
}

export function undecodableLayer(path: string): string {
  return `overlay ${excerpt(path)} cannot be decoded`;
}

/** Says of a layer's file that it can't be decoded. Other errors are rethrown. */
export function sayWhichLayer(error: unknown, path: string): never {
  if (!(error instanceof MediaError) || error.code !== "EINVALID") throw error;
  throw new MediaError("ELAYER", undecodableLayer(path), { cause: error });
}
